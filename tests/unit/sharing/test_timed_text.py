import re

from gallery.sharing.film import timed_text
from gallery.sharing.film.recording import Chapter
from gallery.sharing.film.timed_text import Cue

CUES = [
    Cue(0, 5, ("Objets retrouvés", "Gendarmerie"), "Objets retrouvés"),
    Cue(3600, 3605, ("N° 35-K7QM-4 : <i>Bague</i> & jonc\n\n2", "{\\an8} vue --> 1"), "N° 35-K7QM-4\nUne bague"),
]


def test_subtitles_are_numbered_and_timed() -> None:
    first, _ = timed_text.subrip(CUES).decode().split("\n\n")
    assert first.splitlines() == ["1", "00:00:00,000 --> 00:00:05,000", "Objets retrouvés", "Gendarmerie"]


def test_an_officers_words_are_no_orders_to_a_player() -> None:
    _, second = timed_text.subrip(CUES).decode().split("\n\n")
    assert second.splitlines()[2:] == ["N° 35-K7QM-4 : ‹i›Bague‹/i› & jonc 2", "(\\an8) vue → 1"]


def test_webvtt_escapes_what_it_would_read_as_a_tag() -> None:
    text = timed_text.webvtt(CUES).decode()
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n")
    assert "&lt;i&gt;Bague&lt;/i&gt; &amp; jonc 2" in text
    assert text.count("-->") == len(CUES)


def test_chapters_follow_each_other() -> None:
    text = timed_text.chapters_webvtt([Chapter("Présentation", 0, 5), Chapter("Bague & jonc", 5, 65)]).decode()
    assert re.findall(r"(\S+) --> (\S+)\n(.+)", text) == [
        ("00:00:00.000", "00:00:05.000", "Présentation"),
        ("00:00:05.000", "00:01:05.000", "Bague &amp; jonc"),
    ]


def test_the_transcription_says_everything_with_its_moment() -> None:
    text = timed_text.transcription(CUES).decode("utf-8-sig")
    assert text == "[0:00]\nObjets retrouvés\n\n[1:00:00]\nN° 35-K7QM-4\nUne bague\n"
