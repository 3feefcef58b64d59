"""What a confined process may not do, tried by one."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = """
import ctypes, mmap, os, signal, socket, sys, threading
from gallery.imaging import decoding
from gallery.imaging.process import confinement
decoding.warm_up()
confinement.prepare()
said = os.dup(1)
pid = os.fork()
if pid == 0:
    confinement.confine(parent=os.getppid(), seconds=1, memory_bytes=100 * 2**20)
    try:
        {act}
        os.write(said, b"done")
    except Exception as error:
        os.write(said, type(error).__name__.encode())
    finally:
        os._exit(0)
_, status = os.waitpid(pid, 0)
if os.WIFSIGNALED(status):
    print(signal.Signals(os.WTERMSIG(status)).name)
"""
FILTERED = [
    pytest.param("open('/etc/hostname')", id="open a file"),
    pytest.param("os.listdir('/')", id="list a folder"),
    pytest.param("socket.socket()", id="make a socket"),
    pytest.param("os.fork()", id="fork"),
    pytest.param("os.execv('/bin/true', ['true'])", id="start a program"),
    pytest.param("os.kill(os.getppid(), 9)", id="kill its parent"),
    pytest.param("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)", id="make memory executable"),
    pytest.param("os.pipe()", id="make a pipe"),
    pytest.param("os.setuid(1)", id="become another user"),
]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux's")


def outcome(act: str) -> str:
    command = [sys.executable, "-c", PROGRAM.replace("{act}", act)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.strip()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="no filter for this architecture")
@pytest.mark.parametrize("act", FILTERED)
def test_it_may_not(act: str) -> None:
    assert outcome(act) in ("PermissionError", "OSError")


@pytest.mark.parametrize("act", ["open('/etc/hostname')", "os.open('/tmp/x', os.O_CREAT)"], ids=["read", "write"])
def test_no_file_is_opened_even_without_a_filter(act: str) -> None:
    assert outcome(f"confinement._filter_calls = None; {act}") in ("PermissionError", "OSError")


def test_it_computes_and_uses_threads() -> None:
    assert outcome("threading.Thread(target=sum, args=([1, 2],)).start()") == "done"


def test_it_gets_no_more_memory_than_it_may_have() -> None:
    assert outcome("bytearray(200 * 2**20)") == "MemoryError"
    assert outcome("bytearray(50 * 2**20)") == "done"


def test_it_ends_when_its_seconds_are_used_up() -> None:
    assert outcome("while True: pass") == "SIGXCPU"
