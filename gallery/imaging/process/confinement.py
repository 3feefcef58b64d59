"""What a process that decodes a stranger's bytes may still do: compute, within limits. Linux only.

It opens no file, reaches no network, starts no process, and ends by itself when it uses too much.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE, _UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT, _THIRD_ARGUMENT_AT = 0, 4, 16, 32
_PROT_EXEC, _CLONE_THREAD = 4, 0x10000
# Calls of another calling convention (x32) have this bit.
_OTHER_CONVENTION = 0x40000000
_CLONE3 = 435
_STEP = struct.Struct("=HBBI")


@dataclass(frozen=True)
class _Calls:
    """Numbers of the system calls that decoding needs: memory, what is open already, signals, clocks, threads.

    architecture: as in linux/audit.h; mapping: mmap and mprotect, refused where they make memory executable; clone:
    refused where it starts a process.
    """

    architecture: int
    free: Mapping[str, int]
    mapping: tuple[int, int]
    clone: int


_CALLS = {
    "x86_64": _Calls(
        0xC000003E,
        {
            "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "munmap": 11, "brk": 12, "rt_sigaction": 13,
            "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "sched_yield": 24, "mremap": 25, "madvise": 28,
            "nanosleep": 35, "getpid": 39, "exit": 60, "gettimeofday": 96, "sigaltstack": 131, "gettid": 186,
            "futex": 202, "sched_getaffinity": 204, "clock_gettime": 228, "clock_nanosleep": 230, "exit_group": 231,
            "tgkill": 234, "set_robust_list": 273, "getrandom": 318, "rseq": 334,
        },
        mapping=(9, 10),
        clone=56,
    ),
    "aarch64": _Calls(
        0xC00000B7,
        {
            "close": 57, "lseek": 62, "read": 63, "write": 64, "pread64": 67, "fstat": 80, "exit": 93, "exit_group": 94,
            "futex": 98, "set_robust_list": 99, "nanosleep": 101, "clock_gettime": 113, "clock_nanosleep": 115,
            "sched_getaffinity": 123, "sched_yield": 124, "tgkill": 131, "sigaltstack": 132, "rt_sigaction": 134,
            "rt_sigprocmask": 135, "rt_sigreturn": 139, "gettimeofday": 169, "getpid": 172, "gettid": 178, "brk": 214,
            "munmap": 215, "mremap": 216, "madvise": 233, "getrandom": 278, "rseq": 293,
        },
        mapping=(222, 226),
        clone=220,
    ),
}  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)


def prepare() -> None:
    """Give up what no child needs, once, in the process that children are forked from: rights by exec, core dumps."""
    # Where memory runs out, the kernel takes these processes before one that serves people.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def confine(*, parent: int, seconds: int, memory_bytes: int) -> None:
    """Confine this process for good. It dies with its parent, and after a number of seconds of processor time.

    memory_bytes: what it may take besides what it holds already.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    # At the first number it is sent a signal that says why it ends.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for limit, most in (
        (resource.RLIMIT_AS, held + memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    _filter_calls()


def _filter_calls() -> None:
    """Forbid all other system calls; a kernel without seccomp, or another architecture, has the limits alone."""
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return
    steps = _program(calls)
    buffer = ctypes.create_string_buffer(steps, len(steps))
    program = struct.pack("@HP", len(steps) // _STEP.size, ctypes.addressof(buffer))
    _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0)


def _program(calls: _Calls) -> bytes:
    """A Berkeley packet filter. A step: a code, a value, and the labels to go to when it holds and when it doesn't."""
    return _assembled(
        [
            (_LOAD, _ARCHITECTURE_AT),
            (_EQUAL, calls.architecture, "", "kill"),
            (_LOAD, _NUMBER_AT),
            (_AT_LEAST, _OTHER_CONVENTION, "refuse"),
            *((_EQUAL, number, "allow") for number in calls.free.values()),
            *((_EQUAL, number, "mapping") for number in calls.mapping),
            (_EQUAL, calls.clone, "clone"),
            # Its flags can't be read here; without it the C library takes clone.
            (_EQUAL, _CLONE3, "unknown", "refuse"),
            "mapping",
            (_LOAD, _THIRD_ARGUMENT_AT),
            (_ANY_BIT, _PROT_EXEC, "refuse", "allow"),
            "clone",
            (_LOAD, _FIRST_ARGUMENT_AT),
            (_ANY_BIT, _CLONE_THREAD, "allow", "refuse"),
            "allow", (_RETURN, _ALLOW),
            "refuse", (_RETURN, _REFUSE),
            "unknown", (_RETURN, _UNKNOWN),
            "kill", (_RETURN, _KILL),
        ]
    )  # fmt: skip


def _assembled(lines: list[str | tuple[int, int] | tuple[int, int, str] | tuple[int, int, str, str]]) -> bytes:
    steps = [line for line in lines if not isinstance(line, str)]
    places: dict[str, int] = {}
    for line in lines:
        if isinstance(line, str):
            places[line] = sum(1 for before in lines[: lines.index(line)] if not isinstance(before, str))
    made = []
    for place, (code, value, *labels) in enumerate(steps):
        jumps = [places[str(label)] - place - 1 if label else 0 for label in labels]
        made.append(_STEP.pack(code, *(*jumps, 0, 0)[:2], value))
    return b"".join(made)


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl {option}")
