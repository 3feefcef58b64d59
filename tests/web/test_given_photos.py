"""Of screenshots only the photo is searched with; one on which a box was drawn stays as it was sent."""

from PIL import Image

from gallery.imaging import Picture
from gallery.web.given_photos import GivenPhotos, NamedPhoto, without_screens
from tests import pictures


def test_a_drawn_box_has_the_last_word() -> None:
    photo = pictures.picture(1).resize((400, 300))
    screen = Image.new("RGB", (400, 800))
    screen.paste(photo, (0, 250))
    picture, whole = (Picture(each, "image/jpeg", *each.size) for each in (screen, photo))
    boxes, names = (None, None, (0.0, 0.0, 1.0, 1.0)), ("a.jpg", "b.png", "c.png")
    given = without_screens(GivenPhotos((whole, picture, picture), (0, 2, 3), boxes, names))
    assert [(each.width, each.height) for each in given.pictures] == [(400, 300), (400, 300), (400, 800)]
    assert given.screenshots == [NamedPhoto(3, "b.png")]
    assert given.places == (0, 2, 3)
