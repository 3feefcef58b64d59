"""Where a square is cut out of a photo for a card of the gallery."""

import pytest

from gallery.models import RenditionSize
from gallery.services.gallery.public_records import PublicPhoto


def photo(width: int, height: int, box: tuple[float, ...] | None) -> PublicPhoto:
    return PublicPhoto("p", "", (RenditionSize("320.jpg", width, height), RenditionSize("share.jpg", 1200, 630)), box)


@pytest.mark.parametrize(
    ("width", "height", "box", "place"),
    [
        (320, 240, None, None),
        (240, 320, None, None),
        (320, 320, None, 10),
        (320, 320, (0.0, 0.0, 0.2, 0.2), 10),
        (320, 240, (0.3, 0.1, 0.7, 0.9), 10),
        (320, 240, (0.0, 0.1, 0.4, 0.9), 0),
        (320, 240, (0.7, 0.1, 1.0, 0.9), 20),
        (240, 320, (0.1, 0.6, 0.9, 1.0), 20),
        (320, 240, (0.1, 0.2, 0.95, 0.8), None),
    ],
)
def test_the_square_holds_the_whole_object(
    width: int, height: int, box: tuple[float, ...] | None, place: int | None
) -> None:
    assert photo(width, height, box).square_place == place


def test_an_object_near_an_edge_is_as_near_to_the_middle_as_can_be() -> None:
    place = photo(320, 160, (0.1, 0.0, 0.5, 1.0)).square_place
    assert place == 2
