from io import BytesIO
from itertools import islice

import numpy as np
import pytest
from PIL import Image

from gallery.demo import DEMO_CASES, DEMO_OBJECTS, DemoObject, photos_of
from gallery.matching import Catalogue, CatalogueEntry, describe, rank
from gallery.services.items.categories import CATEGORIES

NEWEST_AT_HOME = 8
BY_KEY = {item.key: item for item in DEMO_OBJECTS}


def test_the_newest_objects_are_all_of_different_kinds() -> None:
    newest = [item for item in DEMO_OBJECTS if item.status == "published"][-NEWEST_AT_HOME:]
    assert len({item.kind for item in newest}) == NEWEST_AT_HOME


@pytest.mark.parametrize("code", ["bicycles", "jewellery", "musical_instruments", "paintings", "tools", "watches"])
def test_what_the_demo_is_made_of(code: str) -> None:
    assert sum(item.category == code for item in DEMO_OBJECTS) >= 4


@pytest.mark.parametrize("item", DEMO_OBJECTS, ids=lambda item: item.key)
def test_every_object_is_described_and_keeps_a_detail_back(item: DemoObject) -> None:
    assert item.category in {code for code, *_ in CATEGORIES}
    assert item.case_key in {case.key for case in DEMO_CASES}
    assert item.title
    assert item.distinguishing_features
    assert item.withheld_details


def test_no_key_is_given_twice() -> None:
    assert len(BY_KEY) == len(DEMO_OBJECTS)


def test_an_object_is_photographed_the_same_each_time() -> None:
    item = BY_KEY["ring-01"]
    assert list(photos_of(item)) == list(photos_of(item))


@pytest.mark.slow
@pytest.mark.parametrize("category", ["paintings", "tools"])
def test_another_photo_of_an_object_finds_it_first(category: str) -> None:
    alike = [item for item in DEMO_OBJECTS if item.category == category][:4]
    photos = [
        [describe(np.asarray(Image.open(BytesIO(data)))) for data in islice(photos_of(item), 2)] for item in alike
    ]
    details = {number: seen[1].details_bytes() for number, seen in enumerate(photos)}
    catalogue = Catalogue(lambda ids: {entry_id: details[entry_id] for entry_id in ids})
    catalogue.add(CatalogueEntry(number, number, seen[1]) for number, seen in enumerate(photos))
    found = [rank([seen[0]], catalogue)[0].item_id for seen in photos]
    assert found == list(range(len(alike)))
