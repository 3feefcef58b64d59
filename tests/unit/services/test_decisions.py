"""Rules of services that need no database: what shows itself, what comes first, how long something rests."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gallery.errors import DiskFull, MailServerUnreachable, Outage, StoreOfAnother, StoreUnknown, TooManyOrphans
from gallery.models import (
    Category,
    DeclarationMessage,
    DeclarationState,
    GivenArchive,
    ItemStatus,
    MailKind,
    Network,
    Proposal,
    StoreName,
)
from gallery.services import readiness, rests
from gallery.services.albums import postings, seen_addresses
from gallery.services.declarations.answers import MessageKind
from gallery.services.facebook.archives import NAMED_REFUSALS, AlbumCount, Report
from gallery.services.items import withholding
from gallery.services.items.items import ItemDescription, ItemSecrets
from gallery.services.mails import delivery
from gallery.services.mails.delivery import News, OwedMails
from gallery.services.operating import diagnoses
from gallery.services.readiness import Part
from gallery.services.storekeeping import wording
from gallery.services.words import kinds, ranking
from gallery.services.words.folding import stem
from gallery.services.words.spelling import nearest

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


# Words.


def test_other_names_count_less_and_rare_words_more() -> None:
    exact, near, none = (
        np.array([True, False, False, False]),
        np.array([True, True, False, False]),
        np.zeros(4, np.bool_),
    )
    scored = ranking.scores([(exact, near), (none, none)], 4)
    assert scored == pytest.approx(np.log1p(4 / 2) * np.array([1, 0.6, 0, 0]))
    both = ranking.scores([(exact, none), (near, none)], 4)
    assert both == pytest.approx([np.log1p(4) + np.log1p(2), np.log1p(2), 0, 0])
    assert ranking.answering(np.array([2.0, 1.0, 0.99, 0.0])).tolist() == [True, True, False, False]
    assert ranking.answering(np.zeros(2)).tolist() == [False, False]
    assert ranking.answering(np.zeros(0)).tolist() == []


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("bag", ["bagu"], None),
        ("bagu", ["bagua"], "bagua"),
        ("pandantif", ["pendentif", "bendentif"], "pendentif"),
        ("bague", ["bague"], None),
        ("vague", ["bague"], None),
        ("collie", ["collier", "colliers"], "collier"),
        ("abcdef", ["abcxef"], "abcxef"),
        ("abcdef", ["abxyef"], None),
        ("abcdefgh", ["abxyefgh"], "abxyefgh"),
        ("abcdefg", ["abxyefg"], None),
        ("velo", ["velos"], "velos"),
        # A ratio of .75 is enough for seven letters, one of .77 too little for six.
        ("abcdefg", ["abcdefxyz"], "abcdefxyz"),
        ("abcdef", ["abcdexy"], None),
    ],
)
def test_a_misspelt_word_is_the_nearest_with_its_first_letter(word: str, known: list[str], found: str | None) -> None:
    assert nearest(word, known) == found


def test_a_kind_of_thing_has_other_names_and_none_of_its_own() -> None:
    assert stem("pendentif") in kinds.kin_of(stem("collier"))
    assert stem("collier") not in kinds.kin_of(stem("collier"))
    assert {stem("scooter"), stem("gyropode")} & kinds.kin_of(stem("trottinette")) == {
        stem("scooter"),
        stem("gyropode"),
    }
    assert kinds.kin_of("nothing") == frozenset()


# Archives and albums.


def test_a_report_is_kept_and_read_again() -> None:
    report = Report((AlbumCount("a", 3, 2, 1),), 5, 4, 3, (("x.jpg", "PhotoTooLarge"),), ("y.jpg",))
    assert Report.of(GivenArchive(report=report.kept())) == report
    assert Report.of(GivenArchive(report={})) == Report() == Report((), 0, 0, 0, (), ())


def test_all_refusals_are_counted_and_the_first_are_named() -> None:
    full = Report(refused=7, refusals=(("a", "b"),) * (NAMED_REFUSALS - 1))
    more = full.with_refusals([("c", "d"), ("e", "f")])
    assert (more.refused, len(more.refusals), more.refusals[-1]) == (9, 200, ("c", "d"))
    damaged = Report(damaged=("a",)).with_damaged(["b"] * 300)
    assert (len(damaged.damaged), damaged.damaged[:2], damaged.refused) == (200, ("a", "b"), 0)


@pytest.mark.parametrize(
    ("status", "network", "taken_down_at", "is_due"),
    [
        (ItemStatus.RETURNED, Network.FACEBOOK, None, True),
        (ItemStatus.WITHDRAWN, Network.FACEBOOK, None, True),
        (ItemStatus.PUBLISHED, Network.FACEBOOK, None, False),
        (ItemStatus.RETURNED, Network.PRESS, None, False),
        (ItemStatus.RETURNED, Network.FACEBOOK, NOW, False),
    ],
)
def test_what_is_gone_is_to_be_taken_down_but_no_printed_page(
    status: ItemStatus, network: Network, taken_down_at: datetime | None, is_due: bool
) -> None:
    posted: Any = SimpleNamespace(
        item=SimpleNamespace(status=status), posting=SimpleNamespace(network=network), taken_down_at=taken_down_at
    )
    assert postings._is_due(posted) is is_due


# Items.


def test_headings_are_withheld_and_shown_again() -> None:
    said = ItemDescription("Bague", inscriptions="J. R.", distinguishing_features="rayure")
    public, secret = withholding.withhold(said, ItemSecrets("123"), ("inscriptions",))
    assert (public.inscriptions, public.distinguishing_features, public.title) == ("", "rayure", "Bague")
    assert (secret.withheld, secret.serial_number) == ({"inscriptions": "J. R."}, "123")
    other, hidden = withholding.withhold(public, secret, ("distinguishing_features",))
    assert (other.inscriptions, other.distinguishing_features) == ("J. R.", "")
    assert hidden.withheld == {"distinguishing_features": "rayure"}
    for withholds in (True, False):
        kept, _ = withholding.by_default(said, ItemSecrets(), Category(withholds=withholds))
        assert (kept.inscriptions == "", kept.distinguishing_features == "") == (withholds, withholds)


# Mails.


def test_mails_are_looked_for_after_news_and_once_a_minute() -> None:
    owed = OwedMails()
    assert owed.may_be(0, NOW)
    owed.are_none(3, NOW)
    assert not owed.may_be(3, NOW + timedelta(seconds=59))
    assert owed.may_be(3, NOW + timedelta(seconds=60))
    assert owed.may_be(4, NOW)
    assert delivery.A_DAY == DAY
    assert [each.total_seconds() / 60 for each in delivery.PAUSES] == [5, 30, 120, 360]


def ending(kind: MessageKind, at: datetime = NOW) -> DeclarationMessage:
    return DeclarationMessage(kind=kind.value, at=at)


def test_news_are_of_objects_or_of_an_end() -> None:
    found = Proposal(decided_at=NOW + DAY)
    assert News([found], []).is_of_objects
    assert News([], [ending(MessageKind.ENDED), ending(MessageKind.CLAIM_NEWS)]).is_of_objects
    assert not News([], [ending(MessageKind.ENDED)]).is_of_objects
    assert News([found], [ending(MessageKind.ENDED)]).until == NOW + DAY
    assert News([Proposal()], [ending(MessageKind.ENDED), ending(MessageKind.ENDED, NOW - DAY)]).until == NOW
    assert delivery.NOTHING.until is None


@pytest.mark.parametrize(
    ("kind", "state", "news", "has_a_point"),
    [
        (MailKind.CODE, DeclarationState.OPEN, News((), ()), True),
        (MailKind.CODE, DeclarationState.CLOSED, News((), ()), True),
        (MailKind.CODE, DeclarationState.QUARANTINED, News((), ()), False),
        (MailKind.FOUND, DeclarationState.OPEN, News((), ()), False),
        (MailKind.FOUND, DeclarationState.OPEN, News([Proposal()], ()), True),
        (MailKind.FOUND, DeclarationState.CLOSED, News([Proposal()], ()), True),
        (MailKind.FOUND, DeclarationState.QUARANTINED, News([Proposal()], ()), False),
        (MailKind.FOUND, DeclarationState.CLOSED, News((), [ending(MessageKind.ENDED)]), True),
    ],
)
def test_a_mail_that_says_nothing_is_not_sent(
    kind: MailKind, state: DeclarationState, news: News, has_a_point: bool
) -> None:
    mail: Any = SimpleNamespace(kind=kind, declaration=SimpleNamespace(state=state))
    assert delivery._has_a_point(mail, news) is has_a_point


# Operating.


def test_work_rests_twice_as_long_each_time_and_a_minute_at_most(caplog: pytest.LogCaptureFixture) -> None:
    resting, now = rests.Rests(), NOW
    assert resting.is_over("sweep", now)
    for seconds in (2, 4, 8, 16, 32, 60, 60):
        resting.begin("sweep", "why", now)
        assert not resting.is_over("sweep", now + timedelta(seconds=seconds - 1))
        assert resting.is_over("sweep", now + timedelta(seconds=seconds))
        assert resting.is_over("other work", now)
    resting.end("sweep", now, was_done=True)
    assert resting.is_over("sweep", now)
    resting.end("sweep", now, was_done=True)
    assert [each.message for each in caplog.records].count("the worker can sweep again") == 1
    assert "next try in 60 s" in caplog.records[-2].message


def test_work_that_finds_nothing_to_do_rests_no_more_once_what_was_given_back_has_had_its_turn() -> None:
    resting = rests.Rests()
    resting.begin("sweep", "why", NOW)
    over = NOW + rests.FIRST
    for now, rests_on in ((over, True), (over + rests.GIVEN_BACK_FOR, True), (over + rests.LONGEST, False)):
        resting.end("sweep", now, was_done=False)
        assert bool(resting) is rests_on


def test_a_database_that_does_not_answer_is_tried_after_growing_pauses(caplog: pytest.LogCaptureFixture) -> None:
    waited: list[float] = []
    stop: Any = SimpleNamespace(is_set=lambda: False, wait=waited.append)
    pauses = rests.Pauses(stop)
    error: Any = Exception("first line\nsecond")
    for _ in range(8):
        pauses.wait(error)
        assert not pauses.is_sure
    assert caplog.messages[0] == "the database can't be used: first line; next try in 1 s"
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]
    pauses.restore()
    assert pauses.is_sure
    pauses.wait(error)
    assert waited[-1] == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DiskFull("/x"), "make room (/x)"),
        (MailServerUnreachable("x"), "takes no mail: x"),
        (Outage("x"), "does not answer: x"),
        (StoreOfAnother(StoreName.PRIVATE, theirs="a", ours="b"), "belongs to database a, and this is database b"),
        (StoreUnknown(StoreName.PUBLIC), "the public store says of no database"),
        (TooManyOrphans(StoreName.PUBLIC, unexplained=3, files=9), "has 3 files, of 9,"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_operator_is_told_what_was_found(error: Any, said: str) -> None:
    assert said in str(wording.why(error))
    assert wording.in_one_line(error) == str(wording.why(error))
    assert wording.in_one_line(ValueError("a\nb")) == "ValueError a"
    assert wording.in_one_line(ValueError()) == "ValueError"


def test_a_diagnosis_has_its_level() -> None:
    made = [diagnoses.fine("a", "b"), diagnoses.warning("a", "b", "c"), diagnoses.fault("a", "b", "c")]
    assert [(each.level.value, each.advice) for each in made] == [("ok", ""), ("warning", "c"), ("fault", "c")]


@pytest.mark.parametrize(
    ("post", "accounts"),
    [
        ("https://x.com/a/status/1", ["https://x.com/a", "https://x.com/a/status"]),
        ("https://x.com/a/b", ["https://x.com/a"]),
        ("https://x.com/a", []),
        ("https://x.com/photo.php?id=/a/b/c", []),
        ("https://x.com//a/b", []),
        ("https://x.com/a//b/c", ["https://x.com/a"]),
    ],
)
def test_a_post_lies_below_an_account(post: str, accounts: list[str]) -> None:
    assert list(seen_addresses._accounts_above(post)) == accounts


def test_what_a_site_lacks_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def answers() -> None:
        """It does."""

    def fails() -> None:
        raise Outage("x")

    def needs(*, reads: Any = answers, writes: Any = answers, least: int = 0, disk: Path = tmp_path) -> list[Part]:
        monkeypatch.setattr(readiness.schema, "look", lambda _session: SimpleNamespace(can_be_used=usable))
        stores = [SimpleNamespace(check_reading=reads)], [SimpleNamespace(check_writing=writes)]
        sessions: Any = nullcontext
        return readiness.lacking(readiness.Needs(sessions, *stores, [disk], least))  # type: ignore[arg-type]

    usable = True
    assert needs() == []
    assert needs(reads=fails) == needs(writes=fails) == [Part.STORE]
    assert needs(least=1 << 62) == needs(disk=tmp_path / "absent") == [Part.DISK]
    usable = False
    assert needs(reads=fails, least=1 << 62) == [Part.SCHEMA, Part.STORE, Part.DISK]
