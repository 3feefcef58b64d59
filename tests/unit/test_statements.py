"""What victims say, as values: every bound of a declaration and of a claim, and the code that opens them."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gallery.errors import StatementInvalid
from gallery.models import ClaimState
from gallery.services.claims import claimed, progress, questions
from gallery.services.claims.claimed import Claimant, ClaimWords
from gallery.services.declarations import statement
from gallery.services.declarations.statement import Contact, StatedObject, Statement, Theft

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
WITH_PHOTO = StatedObject(photos=(b"jpeg",))
RING = StatedObject("jewellery", "bague", "Lip", "123", ("gold",), (b"\xff\xd8",), "")
SAID = Statement(
    Theft(TODAY - DAY, TODAY, "35", "Rennes", "PV 1"), (RING,), Contact("Rougé", "a@b.example"), TODAY + DAY, NOW
)


def objects_of(*counts: int) -> tuple[StatedObject, ...]:
    """Objects with this many photos each."""
    return tuple(StatedObject(words="x", photos=(b"jpeg",) * count) for count in counts)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, None),
        ({"contact": Contact("Rougé")}, "contact"),
        ({"contact": Contact(telephone="06")}, None),
        ({"helper": Contact("Fille")}, "helper"),
        ({"helper": Contact("Fille", "", "06")}, None),
        ({"objects": ()}, "objects"),
        ({"objects": objects_of(0, 0, 0)}, None),
        ({"objects": objects_of(0, 0, 0, 0)}, "objects"),
        ({"objects": (RING, StatedObject(colours=("gold",)))}, "objects"),
        ({"objects": objects_of(8, 2)}, None),
        ({"objects": objects_of(8, 3)}, "photos"),
        ({"objects": objects_of(9)}, "photos"),
        ({"objects": (replace(RING, colours=("gold", "no colour")),)}, "colours"),
        ({"objects": (replace(RING, shape="no shape"),)}, "shape"),
        ({"theft": Theft(TODAY, TODAY)}, None),
        ({"theft": Theft(None, TODAY + DAY)}, "days"),
        ({"theft": Theft(TODAY + DAY, None)}, "days"),
        ({"theft": Theft(TODAY, TODAY - DAY)}, "days"),
        ({"theft": Theft(None, TODAY)}, None),
        ({"ends_on": TODAY}, None),
        ({"ends_on": TODAY - DAY}, "ends_on"),
        ({"ends_on": TODAY + 731 * DAY}, None),
        ({"ends_on": TODAY + 732 * DAY}, "ends_on"),
    ],
    ids=str,
)
def test_each_bound_of_a_statement(changed: dict[str, Any], fault: str | None) -> None:
    assert refused(lambda: statement.check(replace(SAID, **changed), max_objects=3, max_photos=10, today=TODAY)) == (
        fault or ""
    )


def refused(act: Callable[[], object]) -> str:
    """The name of what was refused; empty when nothing was."""
    try:
        act()
    except StatementInvalid as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("field", ["category_code", "words", "brand", "serial_number"])
def test_any_one_thing_said_of_an_object_is_enough(field: str) -> None:
    assert refused(lambda: statement.check_object(StatedObject(**{field: "x"}), is_new=True)) == ""


@pytest.mark.parametrize(
    ("stated", "is_new", "fault"),
    [
        (StatedObject(), True, "objects"),
        (StatedObject(words="x"), False, "objects"),
        (WITH_PHOTO, False, ""),
        (WITH_PHOTO, True, ""),
        (objects_of(8)[0], True, ""),
        (objects_of(9)[0], True, "photos"),
        (replace(RING, colours=("violet foncé",)), True, "colours"),
        (replace(RING, shape="?"), True, "shape"),
    ],
    ids=str,
)
def test_each_bound_of_an_added_object(stated: StatedObject, is_new: bool, fault: str) -> None:
    assert refused(lambda: statement.check_object(stated, is_new=is_new)) == fault


def test_a_statement_is_read_as_it_was_written() -> None:
    for said in (SAID, replace(SAID, helper=Contact("Fille", "c@d.example"), phrase="lune", language="en")):
        assert statement.from_fields(statement.to_fields(said)) == said
    assert statement.object_from_fields(statement.object_fields(RING)) == RING
    without = statement.object_fields(RING)
    del without["shape"]
    assert statement.object_from_fields(without).shape == ""


@pytest.mark.parametrize("name", ["words", "brand", "serial_number", "category_code"])
def test_a_text_is_as_long_as_it_may_be_and_no_longer(name: str) -> None:
    most = statement.LENGTHS[name]
    fields = statement.object_fields(RING)
    assert getattr(statement.object_from_fields(fields | {name: "x" * most}), name) == "x" * most
    for wrong in ("x" * (most + 1), "a\0b", 5, None):
        assert refused(lambda wrong=wrong: statement.object_from_fields(fields | {name: wrong})) == name


def test_a_photo_is_a_mebibyte_at_most() -> None:
    fields = statement.object_fields(RING)
    largest, larger = (base64.b64encode(bytes(1024 * 1024 + more)).decode() for more in (0, 1))
    assert len(statement.object_from_fields(fields | {"photos": [largest]}).photos) == 1
    assert refused(lambda: statement.object_from_fields(fields | {"photos": [larger]})) == "photos"
    assert refused(lambda: statement.object_from_fields(fields | {"photos": ["no base 64!"]})) == "form"
    assert refused(lambda: statement.object_from_fields(fields | {"photos": None})) == "form"
    assert statement.object_from_fields(fields | {"colours": ["x" * 20]}).colours == ("x" * 16,)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"consented_at": "2026-11-30T12:00:00"}, "consented_at"),
        ({"consented_at": "yesterday"}, "form"),
        ({"ends_on": None}, "form"),
        ({"theft": []}, "form"),
        ({"objects": 1}, "form"),
        ({"contact": None}, "form"),
        ({"phrase": "x" * 81}, "phrase"),
    ],
)
def test_what_no_form_can_have_said_is_refused(changed: dict[str, Any], fault: str) -> None:
    assert refused(lambda: statement.from_fields(statement.to_fields(SAID) | changed)) == fault


# Claims.


CLAIMED = ClaimWords(NOW, {"engraved": "J. R."}, "à moi", (b"photo",), (b"%PDF",))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, ""),
        ({"answers": {"engraved": "x" * 600}}, ""),
        ({"answers": {"engraved": "x" * 601}}, "questions"),
        ({"answers": {"invented": "x"}}, "questions"),
        ({"words": "x" * 1500}, ""),
        ({"words": "x" * 1501}, "words"),
        ({"photos": (b"x",) * 3}, ""),
        ({"photos": (b"x",) * 4}, "proofs"),
        ({"photos": (), "documents": (b"x",) * 2}, ""),
        ({"photos": (), "documents": (b"x",) * 3}, "proofs"),
        ({"photos": (bytes(1024 * 1024),)}, ""),
        ({"photos": (bytes(1024 * 1024 + 1),)}, "photos"),
        ({"documents": (bytes(5 * 1024 * 1024),)}, ""),
        ({"documents": (bytes(5 * 1024 * 1024 + 1),)}, "documents"),
        ({"words": "", "photos": (), "documents": (), "answers": {"engraved": ""}}, "empty"),
        ({"words": "", "photos": (), "documents": ()}, ""),
        ({"words": "", "documents": (), "answers": {}}, ""),
        ({"words": "", "photos": (), "answers": {}}, ""),
        ({"photos": (), "documents": (), "answers": {}}, ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_bound_of_a_claim(changed: dict[str, Any], fault: str) -> None:
    assert refused(lambda: claimed.check(replace(CLAIMED, **changed), max_proofs=4)) == fault


def test_a_claim_is_read_as_it_was_written() -> None:
    assert claimed.from_fields(claimed.to_fields(CLAIMED)) == CLAIMED
    who = Claimant(Contact("Rougé", "a@b.example", "06"), "lune", "en")
    assert claimed.claimant_from_fields(claimed.claimant_to_fields(who)) == who
    by_telephone = replace(who, contact=Contact("Rougé", "", "06"))
    assert claimed.claimant_from_fields(claimed.claimant_to_fields(by_telephone)) == by_telephone


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"said_at": "2026-11-30T12:00:00"}, "said_at"),
        ({"answers": {"engraved": 3}}, "text"),
        ({"answers": {"engraved": "x" * 601}}, "text"),
        ({"answers": []}, "form"),
        ({"words": "a\0b"}, "text"),
        ({"photos": ["no base 64!"]}, "form"),
        ({"documents": None}, "form"),
    ],
)
def test_what_no_form_can_have_claimed_is_refused(changed: dict[str, Any], fault: str) -> None:
    assert refused(lambda: claimed.from_fields(claimed.to_fields(CLAIMED) | changed)) == fault


@pytest.mark.parametrize(
    ("changed", "fault"),
    [({"name": "x" * 120}, ""), ({"name": "x" * 121}, "text"), ({"email": ""}, "contact"), ({"phrase": None}, "text")],
)
def test_a_claimant_is_somebody_who_can_be_reached(changed: dict[str, Any], fault: str) -> None:
    fields = claimed.claimant_to_fields(Claimant(Contact("Rougé", "a@b.example")))
    assert refused(lambda: claimed.claimant_from_fields(fields | changed)) == fault
    assert refused(lambda: claimed.claimant_from_fields([fields])) == "form"


def test_an_agreement_follows_the_magistrate_only_and_a_return_an_agreement() -> None:
    def leads_to(state: ClaimState) -> set[ClaimState]:
        return {before for before, after in progress.TRANSITIONS.items() if state in after}

    assert set(progress.TRANSITIONS) == set(ClaimState)
    assert leads_to(ClaimState.AGREED) == {ClaimState.WITH_MAGISTRATE, ClaimState.AGREED}
    assert leads_to(ClaimState.RETURNED) == {ClaimState.AGREED}
    assert leads_to(ClaimState.RECEIVED) == set()
    assert progress.TRANSITIONS[ClaimState.RETURNED] == ()
    assert progress.TRANSITIONS[ClaimState.NOT_ESTABLISHED] == (ClaimState.UNDER_REVIEW,)
    assert progress.ENDED == (ClaimState.NOT_ESTABLISHED, ClaimState.RETURNED)


def test_what_is_asked_depends_on_the_category_alone() -> None:
    common = ("engraved", "damaged", "with_it", "since", "origin")
    for code, last in (
        ("watches", "worn_by"),
        ("tools", "used_for"),
        ("phones", "accessories"),
        ("stamps", "valued_by"),
    ):
        asked = questions.of_category(code)
        assert asked[:5] == common
        assert (asked[-1], len(asked)) == (last, 8)
        assert set(asked) <= questions.ALL
    assert questions.of_category("other") == (*common, "kept_at", "known_to")
