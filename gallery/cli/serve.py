"""`flask serve`, which is `make run`: everything on one machine, for trying out."""

import errno
import http.client
import socket

import click

from gallery import BACKOFFICE_PATH
from gallery.cli import demo
from gallery.cli.children import Children, stop_on_signal
from gallery.cli.command import CommandRefused, FirstCommand
from gallery.cli.resources import current_settings, open_resources
from gallery.cli.setup import bring_up_to_date
from gallery.cli.spoken import said
from gallery.config import Settings
from gallery.services.rests import Stop

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  compared with, not listened on


@click.command("serve", cls=FirstCommand)
@click.pass_context
def serve(context: click.Context) -> None:
    """Try it out: migrate, draw demo data if there is nothing, serve both sites, run the worker; Ctrl-C ends it."""
    settings = current_settings()
    demo.refuse_in_production(settings)
    _check_address(settings)
    bring_up_to_date(settings)
    with open_resources(writes=True) as given:
        demo.ensure(given)
    with stop_on_signal() as stop, Children() as children:
        _start(children, settings)
        if _wait_for_answer(settings, children, stop):
            click.echo(_box(_lines(settings)))
        status = children.wait(stop)
    if status:
        click.echo(said("One of the processes ended by itself; what it said is above."), err=True)
    context.exit(status)


def _check_address(settings: Settings) -> None:
    """Refuse an address that another program uses, before any other work."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        why = said("another program has it") if error.errno == errno.EADDRINUSE else error.strerror
        raise CommandRefused(
            said(
                "can't listen on {host}, port {port}: {why}. Choose another port: PORT=5001 make run",
                host=settings.host,
                port=settings.port,
                why=why,
            )
        ) from error


def _start(children: Children, settings: Settings) -> None:
    # One process, so that the catalogue is in memory once and the rate limits count every request.
    children.start(
        "gunicorn", "wsgi:app", "--bind", _authority(settings.host, settings.port), "--workers", "1",
        "--graceful-timeout", "3", "--log-level", "warning",
    )  # fmt: skip
    children.start("flask", "--app", "wsgi:backoffice", "worker")


def _wait_for_answer(settings: Settings, children: Children, stop: Stop) -> bool:
    """Whether the site came to answer before a stop or the end of a child."""
    host = EVERYWHERE.get(settings.host, settings.host)
    while children.ended_with() is None and not stop.wait(0.1):
        connection = http.client.HTTPConnection(host, settings.port, timeout=30)
        try:
            connection.request("GET", "/")
            connection.getresponse()
            return True
        except (OSError, http.client.HTTPException):
            continue
        finally:
            connection.close()
    return False


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _lines(settings: Settings) -> list[str]:
    address = f"http://{_authority(settings.host, settings.port)}"
    lines = [
        said("Public site   {address}", address=f"{address}/"),
        said("Back office   {address}", address=f"{address}{BACKOFFICE_PATH}"),
    ]
    sign_in = demo.sign_in(settings)
    if sign_in is not None:
        lines += [
            said("  e-mail      {email}", email=sign_in.email),
            said("  password    {password}", password=sign_in.password),
        ]
    pictures = demo.pictures(settings)
    if pictures:
        lines += ["", said("Photos to search with:"), *(f"  {path}" for path in pictures)]
    if demo.takes_declarations(settings):
        lines += [
            "",
            said("Victims may declare thefts and claim objects: what allows it is made up (settings.toml)."),
        ]
    code = demo.code_path(settings)
    if code.exists():
        lines += [
            said("A theft and a claim have been sent; for an officer they are under Rapprochements and Demandes,"),
            said("for the victim under {address} with the code", address=f"{address}/ma-declaration"),
            f"  {code.read_text(encoding='utf-8').strip()}",
        ]
    return [*lines, "", said("Ctrl-C ends it.")]


def _box(lines: list[str]) -> str:
    width = max(map(len, lines))
    rule = "─" * (width + 4)
    return "\n".join(["", f"┌{rule}┐", *(f"│  {line:<{width}}  │" for line in lines), f"└{rule}┘"])
