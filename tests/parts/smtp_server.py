"""A server that takes mails by SMTP (RFC 5321) on this machine, keeps them, and can be told what to answer."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Thread
from typing import Any

# In place of an answer to a mail that was taken: the line is cut.
CUT = "cut"


@dataclass
class Mailbox:
    """What came. answers: to the next RCPT or DATA commands instead of "250", used up one by one."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, command: str, *lines: str) -> None:
        self.answers.setdefault(command, []).extend(lines)

    def next_answer(self, command: str) -> str:
        waiting = self.answers.get(command, [])
        return waiting.pop(0) if waiting else "250 2.0.0 OK"

    @property
    def last(self) -> str:
        """The text of the last mail."""
        return str(self.mails[-1].get_content()).replace("\r\n", "\n")


class Handler(socketserver.StreamRequestHandler):
    """One connection. The class that serves has its mailbox."""

    mailbox: Mailbox

    def handle(self) -> None:
        self.say("220 mail.example ESMTP")
        for line in self.rfile:
            command = line[:4].decode().upper()
            if command == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            if command != "DATA":
                self.say(self.mailbox.next_answer(command))
            elif not self.takes_mail():
                return

    def takes_mail(self) -> bool:
        self.say("354 Go on")
        lines = iter(self.rfile.readline, b".\r\n")
        data = b"".join(line.removeprefix(b".") for line in lines)
        answer = self.mailbox.next_answer("DATA")
        if answer.startswith(("250", CUT)):
            message: Any = message_from_bytes(data, policy=default)
            self.mailbox.mails.append(message)
        if answer != CUT:
            self.say(answer)
        return answer != CUT

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def running() -> Iterator[Mailbox]:
    """The server on a port of its own."""
    mailbox = Mailbox()
    handler = type("OfMailbox", (Handler,), {"mailbox": mailbox})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    mailbox.port = server.server_address[1]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield mailbox
    server.shutdown()
    server.server_close()
