"""What the printed code opens on the public site: closed, deleted, added to, and closed by itself."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import numpy as np
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from gallery.config import Settings
from gallery.models import Declaration, DeclarationState, InboxDrop
from gallery.sealing import Sealer
from gallery.services.declarations import collecting, contact_address, sealed_rows
from gallery.services.declarations.opening import codes
from gallery.services.transaction import atomic, end_reading
from gallery.sharing.codes import read_code
from gallery.web.resources import resources_of
from tests import pictures
from tests.factories import Factory
from tests.page import Page
from tests.victim import ALERTS, Victim, code_of
from tests.web.public.declaring.conftest import filed


def test_the_code_is_asked_back_and_shown_again_when_it_is_mistyped(victim: Victim) -> None:
    code = code_of(victim.declares())
    words = code.split()
    for wrong, said in (
        (["pomme", *words[1:]], "Le mot n° 1 manque"),
        ([*words[:3], *words[4:]], "Le mot n° 4 manque"),
        ([*words, words[0]], "plus de six mots"),
        (["pouet"], "Le mot n° 1 manque"),
    ):
        page = Page(victim.sends("/declarer/code", status=200, code=code, saisie=" ".join(wrong)))
        assert said in page.text
        assert (code_of(page), page.one("#saisie")["value"]) == (code, " ".join(wrong))
    victim.sends("/declarer/code", status=422, code="none of ours", saisie=code)
    for typed in (code, code.replace(" ", "").upper()):
        assert "bien noté" in victim.sends("/declarer/code", status=200, code=code, saisie=typed).text
    saved = victim.sends("/declarer/code/fichier", status=200, code=code)
    assert code in saved.text
    assert re.search(r"filename=code-de-suivi\.txt$", saved.headers["Content-Disposition"])


def test_the_printed_square_has_the_code_where_no_browser_sends_it(victim: Victim) -> None:
    page = victim.declares()
    picture = b64decode(str(page.one(".code-picture img")["src"]).rpartition(",")[2])
    address = urlsplit(read_code(np.asarray(Image.open(BytesIO(picture)).convert("RGB"))))
    assert [address.path, address.query] == ["/ma-declaration", ""]
    assert codes.tidy(address.fragment) == codes.tidy(code_of(page))


def test_a_mistyped_code_is_told_from_an_unknown_one(victim: Victim) -> None:
    code = code_of(victim.declares())
    assert "«\u00a0xyzxyz\u00a0» n’est pas un mot" in victim.opens("xyzxyz " + code, status=422).text
    # In another order they may hold together, once in two thousand times; with another last word, never.
    *words, last = code.split()
    wrong = " ".join([*words, "abeille" if last != "abeille" else "abandon"])
    page = Page(victim.opens(wrong, status=422))
    assert "Vérifiez chaque mot" in page.text
    # Nobody types six words again for one letter.
    assert page.one("#code")["value"] == wrong
    assert "vous en avez écrit 5" in victim.opens(" ".join(words), status=422).text
    # Not yet collected.
    assert "n’ouvre aucune déclaration" in victim.opens(code, status=422).text


def test_wrong_codes_are_slowed_and_nobody_else_of_the_address_is_kept_out(
    app: Flask, victim: Victim, clock: Callable[[timedelta], None], collect: Callable[[], None]
) -> None:
    place = resources_of(app)
    strict = replace(place.settings, code_rate="2 per day", browsers_at_one_address=1)
    app.extensions["resources"] = replace(place, settings=strict)
    code = code_of(victim.declares())
    collect()
    thief = Victim(app.test_client(), clock)
    wrong = codes.draw()
    for status in (422, 422, 429):
        thief.opens(wrong, status=status)
    # The thief has used up what the address has.
    victim.opens(code)


def test_it_is_closed_and_deleted_by_its_owner_and_by_nobody_else(
    victim: Victim, session: Session, collect: Callable[[], None]
) -> None:
    code = code_of(victim.declares())
    collect()
    victim.sends("/ma-declaration/demande", status=422, acte="effacer", certain="oui")
    victim.opens(code)
    victim.sends("/ma-declaration/demande", status=303, acte="clore")
    assert "partie" in victim.browser.get("/ma-declaration").text
    collect()
    assert filed(session).state is DeclarationState.CLOSED
    # Nothing is said to be on its way once it has come.
    assert "partie" not in victim.browser.get("/ma-declaration").text
    victim.sends("/ma-declaration/demande", status=200, acte="effacer")
    victim.sends("/ma-declaration/demande", status=200, acte="effacer", certain="oui")
    collect()
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0
    victim.opens(code, status=422)


def test_the_page_closes_by_itself_and_the_cookie_tells_nothing(victim: Victim, collect: Callable[[], None]) -> None:
    code = code_of(victim.declares())
    collect()
    cookie = victim.opens(code).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert not [word for word in code.split() if word in cookie]
    assert "Quitter cette page" in victim.browser.get("/ma-declaration").text
    victim.clock(timedelta(minutes=40))
    assert "Vos six mots" in victim.browser.get("/ma-declaration").text


def test_a_copy_of_the_cookie_opens_nothing_once_the_page_is_closed(
    app: Flask, victim: Victim, collect: Callable[[], None]
) -> None:
    code = code_of(victim.declares())
    collect()
    victim.opens(code)
    cookie = victim.client.get_cookie("suivi")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("suivi", cookie.value)
    assert "Quitter cette page" in thief.get("/ma-declaration").text
    victim.sends("/ma-declaration/fermer", status=303)
    assert "Vos six mots" in thief.get("/ma-declaration").text
    # Whoever opens it again has another secret, and leaves nothing open behind.
    victim.opens(code)
    first = victim.client.get_cookie("suivi")
    victim.opens(code)
    assert first
    thief.set_cookie("suivi", first.value)
    assert "Vos six mots" in thief.get("/ma-declaration").text


def test_the_code_of_a_mail_is_typed_on_the_page(
    victim: Victim, session: Session, settings: Settings, sealer: Sealer, make: Factory, collect: Callable[[], None]
) -> None:
    allowed = replace(settings, **ALERTS)
    writes = replace(allowed, smtp_host="localhost", public_address="https://a.example", mail_sender="a@a.example")
    code = code_of(victim.declares(courriel="jeanne@victime.example", **{"aidant-nom": "", "aidant-courriel": ""}))
    assert collecting.collect(session, settings=writes, sealer=sealer, now=make.now)
    with atomic(session):
        asked = session.scalars(select(Declaration)).one().addresses[0]
        asked.code_reference, asked.code_until = "M-ABCDEFGHJKMN", make.now + timedelta(days=1)
    victim.opens(code)
    victim.sends("/ma-declaration/demande", status=303, acte="confirmer", chiffres="12 34")
    assert "six chiffres, sans lettre" in victim.browser.get("/ma-declaration").one("#chiffres-erreur").get_text()
    assert "six chiffres, sans lettre" not in victim.browser.get("/ma-declaration").text
    victim.sends("/ma-declaration/demande", status=303, acte="confirmer", chiffres="000000")
    assert "Votre code est parti" in victim.browser.get("/ma-declaration").text
    collect()
    page = victim.browser.get("/ma-declaration")
    assert "Le dernier code n’était pas le bon" in page.one("#chiffres-erreur").get_text()
    assert "Votre code est parti" not in page.text
    digits = contact_address.code_of("M-ABCDEFGHJKMN", sealer)
    victim.sends("/ma-declaration/demande", status=303, acte="confirmer", chiffres=f"{digits[:3]}-{digits[3:]} ")
    collect()
    page = victim.browser.get("/ma-declaration")
    assert "est confirmée" in page.text
    assert not page.all("#chiffres")


def test_an_object_and_photos_are_added_later_and_a_copy_is_asked_for(
    victim: Victim, session: Session, collect: Callable[[], None], sealer: Sealer
) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    victim.opens(code)
    assert "déjà déclaré, seules les photos" in victim.browser.get("/ma-declaration/ajouter").text
    victim.adds(pictures.jpeg(pictures.picture(2)), pour="1")
    assert "Votre ajout est parti" in victim.browser.get("/ma-declaration").text
    assert "Décrivez l’objet" in victim.adds(status=422).text
    assert "Choisissez au moins une photo" in victim.adds(status=422, pour="1").text
    victim.adds(**{"objet-1-mots": "pendule"})
    victim.sends("/ma-declaration/demande", status=303, acte="copie")
    collect()
    row = filed(session)
    assert [len(each.photos) for each in row.objects] == [2, 0, 0]
    assert sealed_rows.secrets_of_object(row.objects[2], sealer).words == "pendule"
    assert sorted(each.kind for each in row.messages) == ["added", "added", "copy_asked", "received"]
    page = victim.browser.get("/ma-declaration")
    assert "Vous avez demandé une copie" in page.text
    assert "copie est partie" not in page.text
    assert "Demander une copie" not in page.text


def test_what_is_being_written_when_the_page_closes_itself_is_sent_with_the_code(
    victim: Victim, session: Session, collect: Callable[[], None], sealer: Sealer
) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    victim.opens(code)
    photo = pictures.jpeg(pictures.picture(2))
    token = victim.browser.get("/ma-declaration/ajouter").token
    victim.clock(timedelta(minutes=40))

    def send(*files: bytes, **said: str) -> TestResponse:
        fields: list[tuple[str, object]] = [("csrf_token", token), ("pour", "1"), *said.items()]
        fields += [("objet-1-photos", FileStorage(BytesIO(each), filename="a.jpg")) for each in files]
        boundary, body = encode_multipart(MultiDict(fields))
        kind = f"multipart/form-data; boundary={boundary}"
        return victim.client.post("/ma-declaration/ajouter", data=body, content_type=kind)

    page = Page(send(photo))
    assert (page.answer.status_code, "Rien n’est perdu" in page.text) == (422, True)
    kept = str(page.one("[name=objet-1-gardees]")["value"])
    again = Page(send(code="xyzxyz " + code, **{"objet-1-gardees": kept}))
    assert "n’est pas un mot" in again.one("#code-erreur").get_text()
    assert send(code=code, **{"objet-1-gardees": kept}).status_code == 303
    collect()
    assert [len(each.photos) for each in filed(session).objects] == [2, 0]
    # The code has opened the page too.
    assert "Quitter cette page" in victim.browser.get("/ma-declaration").text


def test_what_finds_no_room_is_said_before_it_is_sent(app: Flask, victim: Victim, collect: Callable[[], None]) -> None:
    code = code_of(victim.declares(pictures.jpeg(pictures.picture(1))))
    collect()
    victim.opens(code)
    place = resources_of(app)
    small = replace(place.settings, max_declared_objects=2, max_declared_photos=1)
    app.extensions["resources"] = replace(place, settings=small)
    assert "a déjà 2 objets" in victim.adds(status=422, **{"objet-1-mots": "pendule"}).text
    assert "trop de photos" in victim.adds(pictures.jpeg(pictures.picture(2)), pour="2", status=422).text
    # Another page of theirs has closed it.
    victim.sends("/ma-declaration/demande", status=303, acte="clore")
    collect()
    assert "Prolongez-la d’abord" in victim.adds(status=422, **{"objet-1-mots": "pendule"}).text


def test_one_declaration_does_not_fill_the_inbox_and_is_deleted_all_the_same(
    app: Flask, victim: Victim, session: Session, collect: Callable[[], None], clock: Callable[[timedelta], None]
) -> None:
    place = resources_of(app)
    app.extensions["resources"] = replace(place, settings=replace(place.settings, holder_rate="2 per hour"))
    code = code_of(victim.declares())
    clock(timedelta())
    collect()
    # From two browsers, which share one declaration.
    who = Victim(app.test_client(), clock)
    for each in (victim, who):
        each.opens(code)
    collect()
    for each in (victim, who):
        for _ in range(2):
            each.sends("/ma-declaration/demande", status=303, acte="prolonger")
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(InboxDrop)) == 2
    assert "Rien n’est perdu" in who.browser.get("/ma-declaration").text
    assert "beaucoup de choses" in who.adds(status=422, **{"objet-1-mots": "pendule"}).text
    victim.sends("/ma-declaration/demande", status=200, acte="effacer", certain="oui")
    collect()
    end_reading(session)
    assert session.scalar(select(func.count()).select_from(Declaration)) == 0
