"""Photos are decoded in a process without keys, with few rights and little time; whatever happens, others go on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bench.hostile.structures import slow_bmp
from gallery.errors import DecodersBusy, PhotoTooDemanding, PhotoTooLarge, PhotoUnreadable
from gallery.errors.photos import PhotoNeedsMemory
from gallery.imaging import Limits, decode, decoding, warm_up
from gallery.imaging.process import guard
from tests import pictures
from tests.waiting import PATIENCE, begin, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere photos are decoded in the process itself")
ROOT = Path(__file__).parents[3]
LIMITS = Limits(max_seconds=20)
PHOTO = pictures.jpeg(pictures.picture(3))
# Seconds of Python in Pillow's reader of this rare kind.
SLOW = slow_bmp(12_000_000)


@pytest.fixture
def decoder() -> psutil.Process:
    """The decoding process of this one."""
    warm_up()
    (found,) = [each for each in psutil.Process().children() if "gallery.imaging" in " ".join(each.cmdline())]
    return found


@pytest.fixture
def attempt() -> Iterator[Callable[[bytes, Limits], list[BaseException]]]:
    """Decode in a thread; the list then has what was raised, once the test has ended or joined."""
    threads = []

    def started(data: bytes, limits: Limits) -> list[BaseException]:
        raised: list[BaseException] = []

        def work() -> None:
            try:
                decode(data, limits)
            except BaseException as error:
                raised.append(error)

        threads.append(begin(work))
        return raised

    yield started
    for thread in threads:
        thread.result(PATIENCE)


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_it_works() -> None:
    picture, here = decode(PHOTO, LIMITS), decoding.decode(PHOTO, LIMITS)
    assert picture.image.tobytes() == here.image.tobytes()
    assert (picture.media_type, picture.width, picture.height) == (here.media_type, here.width, here.height)


def test_a_refusal_comes_with_its_limit() -> None:
    with pytest.raises(PhotoTooLarge) as refusal:
        decode(pictures.png_of_declared_size(9000, 9000), LIMITS)
    assert refusal.value.limit_megapixels == 50


def test_a_photo_that_takes_too_long_is_refused_and_the_next_one_read() -> None:
    with pytest.raises(PhotoTooDemanding):
        decode(SLOW, Limits(max_seconds=1))
    assert decode(PHOTO, LIMITS).width


def test_a_photo_that_needs_too_much_memory_is_refused() -> None:
    with pytest.raises(PhotoTooDemanding):
        decode(pictures.png_of_declared_size(6000, 6000), Limits(max_memory_bytes=20 * 2**20))


def test_others_are_served_while_a_bomb_is_decoded(
    decoder: psutil.Process, attempt: Callable[[bytes, Limits], list[BaseException]]
) -> None:
    raised = attempt(SLOW, LIMITS)
    wait_until(decoder.children)
    decode(PHOTO, LIMITS)
    assert not raised, "the bomb is still being decoded"


def holds_one_photo(child: psutil.Process) -> bool:
    held = []
    for each in Path(f"/proc/{child.pid}/fd").iterdir():
        # It may be closed between the two.
        with suppress(FileNotFoundError):
            held.append(str(each.readlink()))
    sockets = [each for each in held if each.startswith("socket:")]
    return len(sockets) == 1 and len([each for each in held if "memfd:" in each]) <= 3


@pytest.mark.skipif(os.geteuid() != 0, reason="what a confined process holds is shown to root alone")
def test_a_child_holds_nothing_of_another_photo(
    decoder: psutil.Process, attempt: Callable[[bytes, Limits], list[BaseException]]
) -> None:
    for _ in range(2):
        attempt(SLOW, LIMITS)
    wait_until(lambda: len(decoder.children()) == 2)
    for child in decoder.children():
        wait_until(lambda child=child: holds_one_photo(child), "a child that has closed what its parent held")
        child.kill()


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL], ids=["crash", "out of memory"])
def test_a_decoder_that_crashes_makes_one_photo_unreadable_and_nothing_else(
    how: signal.Signals, decoder: psutil.Process, attempt: Callable[[bytes, Limits], list[BaseException]]
) -> None:
    raised = attempt(SLOW, LIMITS)
    wait_until(decoder.children)
    decoder.children()[0].send_signal(how)
    wait_until(lambda: raised)
    assert isinstance(raised[0], PhotoUnreadable)
    assert decoder.is_running()
    assert decode(PHOTO, LIMITS).width


def test_a_decoding_process_that_was_killed_is_replaced(decoder: psutil.Process) -> None:
    decoder.kill()
    assert decode(PHOTO, LIMITS).width


def test_a_photo_is_asked_again_of_the_next_process(
    decoder: psutil.Process, attempt: Callable[[bytes, Limits], list[BaseException]]
) -> None:
    raised = attempt(SLOW, Limits(max_seconds=1))
    wait_until(decoder.children)
    decoder.kill()
    wait_until(lambda: raised)
    assert isinstance(raised[0], PhotoTooDemanding), "said by the second one"


def test_nothing_of_our_environment_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERY_SEALING_IDENTITY", "PLANTED-SECRET")
    guard.stop()
    decode(PHOTO, LIMITS)
    (process,) = [each for each in psutil.Process().children() if "gallery.imaging" in " ".join(each.cmdline())]
    environment = Path(f"/proc/{process.pid}/environ").read_bytes() if os.geteuid() == 0 else b""
    assert b"PLANTED" not in environment
    assert b"GALLERY" not in environment
    held = [each.path for each in process.open_files()] if os.geteuid() == 0 else []
    assert not held


def test_it_ends_with_the_process_that_started_it_even_when_killed() -> None:
    program = "import time; from gallery.imaging.process import guard; print(guard.pid(), flush=True); time.sleep(99)"
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        decoder = psutil.Process(int(process.stdout.readline()))
        process.kill()
    wait_until(lambda: is_gone(decoder))


def test_a_forked_process_has_a_decoder_of_its_own(tmp_path: Path) -> None:
    # In a Python of its own: a child of this process would inherit the locks of whatever threads other tests have left.
    program = """
import os, sys
from pathlib import Path
from gallery.imaging import Limits, decode
from gallery.imaging.process import guard
photo = Path(sys.argv[1]).read_bytes()
decode(photo, Limits())
decoder = guard.pid()
child = os.fork()
if child == 0:
    os._exit(not decode(photo, Limits()).width or guard.pid() == decoder)
ended = os.waitpid(child, 0)[1]
raise SystemExit(ended or not decode(photo, Limits()).width or guard.pid() != decoder)
"""
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    subprocess.run([sys.executable, "-c", program, tmp_path / "photo.jpg"], cwd=ROOT, check=True, timeout=120)


def test_places_are_given_back(attempt: Callable[[bytes, Limits], list[BaseException]]) -> None:
    raised = [attempt(SLOW, Limits(max_seconds=1)) for _ in range(4)]
    wait_until(lambda: all(raised))
    assert all(isinstance(each[0], PhotoTooDemanding) for each in raised)
    assert decode(PHOTO, LIMITS).width


@pytest.fixture
def two_at_once() -> Iterator[guard.Guard]:
    two = guard.Guard(2, patience=0.3)
    yield two
    two.stop()


def test_a_large_photo_is_decoded_alone_and_small_ones_two_at_once(two_at_once: guard.Guard) -> None:
    large = pictures.encoded(Image.new("RGB", (4600, 4600)), "PNG", compress_level=1)
    with two_at_once.places.taken(1, patience=1):
        assert two_at_once.decode(PHOTO, LIMITS).width
        with pytest.raises(DecodersBusy):
            two_at_once.decode(large, LIMITS)
    assert two_at_once.decode(large, LIMITS).width == 4600
    with two_at_once.places.taken(2, patience=1), pytest.raises(DecodersBusy):
        two_at_once.decode(PHOTO, LIMITS)


def test_a_photo_that_turns_out_to_need_more_memory_is_read_again(two_at_once: guard.Guard) -> None:
    photo, limits = pictures.jpeg(Image.new("CMYK", (4096, 4096))), replace(LIMITS, max_memory_bytes=80 * 2**20)
    with pytest.raises(PhotoNeedsMemory):
        two_at_once._tried(photo, limits.tried_first(), places=1)
    assert two_at_once.decode(photo, limits).width == 4096


def test_a_webp_whose_reader_takes_want_of_memory_for_damage_is_read_again(two_at_once: guard.Guard) -> None:
    photo = pictures.encoded(Image.new("RGB", (5200, 3800), "teal"), "WEBP", method=0)
    assert two_at_once.decode(photo, LIMITS).width == 5200
    with pytest.raises(PhotoUnreadable):
        two_at_once.decode(photo[:12] + photo[100:], LIMITS)


def test_a_large_photo_is_not_overtaken_for_ever(two_at_once: guard.Guard) -> None:
    places, order = two_at_once.places, []

    def come(name: str, count: int) -> None:
        with places.taken(count, patience=PATIENCE):
            order.append(name)

    with places.taken(1, patience=1):
        large = begin(lambda: come("large", 2))
        wait_until(places._turn.locked)
        small = begin(lambda: come("small", 1))
    for each in (large, small):
        each.result(PATIENCE)
    assert order == ["large", "small"]
