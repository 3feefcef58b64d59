"""What mails to victims say: no link, no object, no name, no photo; in French or English, as the declaration was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from gallery.config import Settings
from gallery.models import MailKind

FRENCH = "fr"
SUBJECTS: Mapping[tuple[MailKind, str], str] = {
    (MailKind.CODE, "fr"): "Votre code de confirmation",
    (MailKind.CODE, "en"): "Your confirmation code",
    (MailKind.FOUND, "fr"): "Du nouveau pour votre déclaration",
    (MailKind.FOUND, "en"): "News about your declaration",
    (MailKind.ENDING, "fr"): "La recherche de vos objets s’arrête",
    (MailKind.ENDING, "en"): "The search for your objects ends",
}
BODIES: Mapping[tuple[MailKind, str], tuple[str, ...]] = {
    (MailKind.CODE, "fr"): (
        "Bonjour,",
        "Pour que nous puissions vous écrire, tapez ce code sur la page\n« Ma déclaration » :",
        "    {code}",
        "Il est valable un jour. Pour ouvrir la page, tapez vous-même\nl’adresse du site dans votre navigateur :",
        "    {site}",
        "Vous n’avez rien déclaré ? Quelqu’un s’est trompé d’adresse : ne faites\nrien.",
    ),
    (MailKind.CODE, "en"): (
        "Hello,",
        "So that we may write to you, type this code on the page\n“My declaration”:",
        "    {code}",
        "It is valid for one day. To open the page, type the address of the\nsite into your browser yourself:",
        "    {site}",
        "You have declared nothing? Somebody has mistyped an address: do nothing.",
    ),
    (MailKind.FOUND, "fr"): (
        "Bonjour,",
        "{phrase}",
        "Il y a du nouveau pour votre déclaration. Pour voir de quoi il s’agit,\ntapez vous-même cette adresse dans"
        " votre navigateur :",
        "    {site}",
        "Choisissez « Ma déclaration », et donnez votre code de six mots.",
        "Ce courriel n’a pas de lien : n’en suivez aucun. Nous ne demandons jamais\nd’argent, ni votre code par"
        " courriel ou par téléphone.",
    ),
    (MailKind.FOUND, "en"): (
        "Hello,",
        "{phrase}",
        "There is news about your declaration. To see what it is, type this\naddress into your browser yourself:",
        "    {site}",
        "Choose “My declaration”, and give your code of six words.",
        "This mail has no link: follow none. We never ask for money, nor for your\ncode by mail or telephone.",
    ),
    (MailKind.ENDING, "fr"): (
        "Bonjour,",
        "{phrase}",
        "La recherche de vos objets arrive à son terme. Pour la prolonger (elle dure\ndeux ans au plus), ou pour tout"
        " effacer, tapez vous-même cette adresse dans\nvotre navigateur :",
        "    {site}",
        "Choisissez « Ma déclaration », et donnez votre code de six mots. Si vous ne\nfaites rien, la recherche"
        " s’arrête, et tout est effacé un peu plus tard.",
        "Ce courriel n’a pas de lien : n’en suivez aucun.",
    ),
    (MailKind.ENDING, "en"): (
        "Hello,",
        "{phrase}",
        "The search for your objects comes to its end. To prolong it (it lasts two\nyears at most), or to delete"
        " everything, type this address into your browser\nyourself:",
        "    {site}",
        "Choose “My declaration”, and give your code of six words. If you do\nnothing, the search ends, and everything"
        " is deleted a little later.",
        "This mail has no link: follow none.",
    ),
}  # fmt: skip
PHRASES: Mapping[str, str] = {"fr": "Votre phrase : {phrase}", "en": "Your phrase: {phrase}"}
# What the site's address ends with in each language.
HOMES: Mapping[str, str] = {"fr": "", "en": "/en"}
CALLS: Mapping[str, str] = {
    "fr": "Un doute ? Appelez : {unit}, {telephone}.",
    "en": "In doubt? Call {unit}, {telephone}.",
}
ENDINGS: Mapping[str, str] = {
    "fr": "Référence de ce courriel : {reference}\nLa page « Vérifier une publication » dit s’il vient de nous.",
    "en": "Reference of this mail: {reference}\nThe page “Check a post” says whether it is ours.",
}


@dataclass(frozen=True)
class Facts:
    """What a mail is made of. unit, telephone, phrase: empty when unknown; code: of MailKind.CODE only."""

    kind: MailKind
    language: str
    reference: str
    unit: str = ""
    telephone: str = ""
    phrase: str = ""
    code: str = ""


def compose(facts: Facts, address: str, *, settings: Settings, now: datetime) -> EmailMessage:
    """The mail to this address, plain text; written twice it has the same Message-ID."""
    language = facts.language if facts.language in PHRASES else FRENCH
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((settings.site_name, settings.mail_sender))
    message["To"] = address
    message["Subject"] = SUBJECTS[facts.kind, language]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{facts.reference}@{settings.mail_sender.rpartition('@')[2]}>"
    # RFC 3834: no answering machine is to answer.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(facts, language, settings), cte="quoted-printable")
    # After the content, which removes such a header set before it.
    message["Content-Language"] = language
    return message


def _text(facts: Facts, language: str, settings: Settings) -> str:
    phrase = " ".join(facts.phrase.split())
    fills = {
        "{phrase}": PHRASES[language].replace("{phrase}", phrase) if phrase else "",
        # Without its scheme, so that fewer programs make a link of it.
        "{site}": settings.public_address.partition("://")[2] + HOMES[language],
        "{code}": facts.code,
        "{reference}": facts.reference,
        "{unit}": facts.unit,
        "{telephone}": facts.telephone,
    }
    calls = (CALLS[language],) if facts.telephone else ()
    parts = [_filled(each, fills) for each in (*BODIES[facts.kind, language], *calls, ENDINGS[language])]
    return "\n\n".join([*filter(None, parts), settings.site_name]) + "\n"


def _filled(text: str, fills: Mapping[str, str]) -> str:
    """Fill each blank once, the last one first: what is filled in may look like a blank itself."""
    for blank in reversed([each for each in fills if each in text]):
        text = text.replace(blank, fills[blank])
    return text
