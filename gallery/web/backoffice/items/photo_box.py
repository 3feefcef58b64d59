"""The box that an officer draws around the object in a photo: what lies outside of it then counts less in searches."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DecimalField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from gallery.matching import Box
from gallery.models import ItemPhoto
from gallery.services.items import items, photos, signatures
from gallery.services.transaction import atomic
from gallery.web.backoffice.account.sign_in import current_officer
from gallery.web.backoffice.conflict import status_of
from gallery.web.backoffice.wording import largest
from gallery.web.resources import database, now

WHOLE_PERCENT = 100
WITHIN = (
    InputRequired(lazy_gettext("Donnez un nombre de 0 à 100.")),
    NumberRange(0, WHOLE_PERCENT, lazy_gettext("Donnez un nombre de 0 à 100.")),
)
SHARE = {"min": 0, "max": WHOLE_PERCENT, "step": "0.1", "inputmode": "decimal"}
PLACES = 1


def _as_written(share: Decimal | None) -> Decimal | None:
    """A share as finely as the field is written: thinner boxes hold nothing. What lies outside is refused as it is."""
    if share is None or share.is_nan() or not 0 <= share <= WHOLE_PERCENT:
        return share
    return round(share, PLACES)


AS_WRITTEN = {"places": PLACES, "filters": (_as_written,), "render_kw": SHARE}


class BoxForm(FlaskForm):
    """The four sides of a box, in per cent of the photo."""

    left = DecimalField(lazy_gettext("Bord gauche (en %)"), WITHIN, **AS_WRITTEN)
    top = DecimalField(lazy_gettext("Bord haut (en %)"), WITHIN, **AS_WRITTEN)
    right = DecimalField(lazy_gettext("Bord droit (en %)"), WITHIN, **AS_WRITTEN)
    bottom = DecimalField(lazy_gettext("Bord bas (en %)"), WITHIN, **AS_WRITTEN)

    def validate_right(self, field: DecimalField) -> None:
        """The right side lies right of the left one."""
        if not self.left.errors and not field.errors and field.data <= self.left.data:
            raise ValidationError(gettext("Le bord droit doit être à droite du bord gauche."))

    def validate_bottom(self, field: DecimalField) -> None:
        """The bottom lies below the top."""
        if not self.top.errors and not field.errors and field.data <= self.top.data:
            raise ValidationError(gettext("Le bord bas doit être sous le bord haut."))

    @classmethod
    def of(cls, photo: ItemPhoto) -> "BoxForm":
        """The form with a photo's box, empty when it has none."""
        sides = [Decimal(str(round(WHOLE_PERCENT * side, PLACES))) for side in photo.box or ()]
        return cls(data=dict(zip(("left", "top", "right", "bottom"), sides, strict=False)))

    def box(self) -> Box:
        """The box as shares of the sides."""
        left, top, right, bottom = (
            float(each.data) / WHOLE_PERCENT for each in (self.left, self.top, self.right, self.bottom)
        )
        return left, top, right, bottom


def draw(number: str, public_id: str) -> ResponseReturnValue:
    """Show the photo with its box, and keep another one, or none."""
    item = items.get_editable(database(), number, by=current_officer())
    photo = photos.get(item, public_id)
    form = BoxForm.of(photo)
    if request.method == "POST" and "sans" in request.form and FlaskForm().validate():
        return _kept(number, public_id, None)
    if form.validate_on_submit():
        return _kept(number, public_id, form.box())
    box, size = signatures.box_of(photo), largest(photo)
    page = render_template("backoffice/photo_box.html", form=form, item=item, photo=photo, size=size, box=box)
    return page, status_of(form)


def _kept(number: str, public_id: str, box: Box | None) -> ResponseReturnValue:
    officer = current_officer()
    with atomic(database()) as session:
        item = items.lock(session, number, by=officer)
        photos.set_box(session, photos.get(item, public_id), box, by=officer, now=now())
    flash(gettext("Le cadre est enregistré.") if box else gettext("La photo compte en entier."), "success")
    return redirect(url_for(".item", number=number, _anchor=f"photo-{public_id}"))
