"""What settings may not be: each rule names the setting and says why."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gallery.config import addresses, bounds, secret_files
from gallery.config.values import (
    DIGEST_KEY,
    SIGNING_KEY,
    has_control_characters,
    is_day,
    is_identity,
    is_rate,
    is_recipient,
    keys_of,
    reaches,
    times,
)
from gallery.errors import SettingInvalid

if TYPE_CHECKING:
    from gallery.config.settings import Settings, Site

Rule = tuple[str, bool, str]

SECRET_LENGTH = 32
# A secret drawn at random has many more; "xxxx..." and a word repeated have fewer.
MIN_DIFFERENT_CHARACTERS = 8
ACCESSIBILITY_LEVELS = ("", "none", "partial", "full")
SECOND_FACTORS = ("", "none", "administrators", "all")
CATALOGUES = ("memory", "pgvector")
LOG_FORMATS = ("text", "json")
# What the demo makes up in place of a legal act.
DEMO_ACT = "acte fictif de la démonstration"
RATES = (
    "search_rate", "sign_in_rate", "declaration_rate", "declaration_overall_rate", "claim_rate", "claim_overall_rate",
    "code_rate", "holder_rate",
)  # fmt: skip
LEGAL_FIELDS = ("operator_name", "operator_address", "publication_director", "hosting_provider", "dpo_contact",
                "accessibility_contact")  # fmt: skip
PICTURE_DELIVERIES = ("process", "nginx", "signed")
SMTP_SECURITIES = ("starttls", "tls", "none")
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
LICENCE = re.compile(r"https://[^\s/]+/\S*")
HOST = re.compile(r"[A-Za-z0-9.:-]*")
# Plain on purpose: it is the operator's own.
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")


def refuse_nonsense(settings: "Settings") -> None:
    """Raise SettingInvalid with the name of the first setting that can't be used."""
    for rules in (_numbers, _memory, _texts, _secrets, _addresses, _words, _data, _mail, _production):
        _refuse(rules(settings))


def refuse_for(settings: "Settings", site: "Site") -> None:
    """Raise SettingInvalid when this site can't work with what it was given."""
    _refuse(_of_database(settings, site))


def _refuse(rules: Iterable[Rule]) -> None:
    for name, is_wrong, why in rules:
        if is_wrong:
            raise SettingInvalid(name, why)


def _numbers(settings: "Settings") -> Iterator[Rule]:
    for name in bounds.BOUNDS:
        why = bounds.refusal_of(name, getattr(settings, name))
        yield name, why is not None, why or ""


def _memory(settings: "Settings") -> Iterator[Rule]:
    search = settings.max_search_photos * settings.max_upload_bytes + bounds.MEBIBYTE
    is_short = settings.max_upload_memory < search
    yield "max_upload_memory", is_short, f"must hold a search with all its photos: {search} bytes"


def _texts(settings: "Settings") -> Iterator[Rule]:
    for name, value in vars(settings).items():
        if isinstance(value, str):
            yield name, has_control_characters(value), "has characters that can't be shown"


def _secrets(settings: "Settings") -> Iterator[Rule]:
    for name in secret_files.MAKERS:
        for value in keys_of(getattr(settings, name)):
            yield name, len(value) < SECRET_LENGTH, f"at least {SECRET_LENGTH} characters"
            is_regular = len(set(value)) < MIN_DIFFERENT_CHARACTERS
            yield name, is_regular, "is too regular to be a secret: make it with `flask --app wsgi:setup secrets`"
    yield "digest_key", not DIGEST_KEY.fullmatch(settings.digest_key), "must be 64 hexadecimal digits"
    yield "signing_key", not SIGNING_KEY.fullmatch(settings.signing_key), "must be 32 bytes in base64"
    is_wrong = not all(map(is_identity, keys_of(settings.sealing_identity)))
    yield "sealing_identity", is_wrong, "is no age identity (AGE-SECRET-KEY-1...)"
    is_wrong = not all(map(is_recipient, settings.backup_recipients.split()))
    yield "backup_recipients", is_wrong, "public age keys (age1...), separated by spaces: `flask backup-key` makes one"


def _addresses(settings: "Settings") -> Iterator[Rule]:
    for names, reason in (
        (("database_url", "public_database_url"), addresses.why_no_lasting_database),
        (("public_store", "private_store"), addresses.why_no_store),
        (("redis_url",), addresses.why_no_redis),
    ):
        for name in names:
            why = reason(getattr(settings, name))
            yield name, why is not None, why or ""
    public, secure = settings.public_address, settings.production
    yield (
        "public_address",
        bool(public) and not addresses.is_web(public, secure=False),
        "must begin with http:// or https://",
    )
    yield "graph_address", not addresses.is_web(settings.graph_address, secure=secure), "must begin with https://"


def _words(settings: "Settings") -> Iterator[Rule]:
    yield "catalogue", settings.catalogue not in CATALOGUES, "is memory or pgvector"
    yield "log_format", settings.log_format not in LOG_FORMATS, "is text or json"
    is_no_choice = settings.second_factor_required not in SECOND_FACTORS
    yield "second_factor_required", is_no_choice, "none, administrators or all"
    is_no_contact = re.fullmatch(r"((mailto:|tel:|https://)[^\s]+)?", settings.security_contact) is None
    yield "security_contact", is_no_contact, "must begin with mailto:, tel: or https://"
    yield "picture_delivery", settings.picture_delivery not in PICTURE_DELIVERIES, "is process, nginx or signed"
    is_remote = "://" in settings.public_store
    yield "picture_delivery", settings.picture_delivery == "nginx" and is_remote, "nginx sends from a folder only"
    yield (
        "picture_delivery",
        settings.picture_delivery == "signed" and not is_remote,
        "signed addresses are an object store's: give public_store",
    )
    is_unknown = settings.accessibility_level not in ACCESSIBILITY_LEVELS
    yield "accessibility_level", is_unknown, "none, partial or full"
    for name in RATES:
        yield name, not is_rate(getattr(settings, name)), 'is no rate such as "10 per minute; 100 per hour"'
    yield from _of_addresses(settings)
    for name in ("declarations_impact_assessment", "alerts_impact_assessment", "claims_impact_assessment"):
        yield name, not is_day(getattr(settings, name)), "is no date such as 2026-11-29"
    yield "accessibility_date", not is_day(settings.accessibility_date), "is no date such as 2026-11-29"


def _of_addresses(settings: "Settings") -> Iterator[Rule]:
    """One address must not be able to close the forms for the whole country; after the rates were read."""
    most = settings.declaring_browsers_at_one_address
    for name in ("declaration", "claim"):
        rate, overall = getattr(settings, f"{name}_rate"), getattr(settings, f"{name}_overall_rate")
        why = f"this many browsers at {name}_rate reach {name}_overall_rate: one address could use it up"
        yield "declaring_browsers_at_one_address", reaches(times(rate, most), overall), why


def _data(settings: "Settings") -> Iterator[Rule]:
    is_address = LICENCE.fullmatch(settings.data_licence)
    yield "data_licence", not is_address, "must be the https address of a licence"


def missing_for_legal_pages(settings: "Settings") -> tuple[str, ...]:
    """Names of the settings that the law requires on the public site and that are missing."""
    return tuple(name for name in LEGAL_FIELDS if not getattr(settings, name))


def _mail(settings: "Settings") -> Iterator[Rule]:
    is_local = settings.smtp_host in LOCAL_HOSTS
    yield "smtp_host", not HOST.fullmatch(settings.smtp_host), "is the name or the number of a host, and nothing else"
    yield (
        "smtp_host",
        bool(settings.smtp_host) and not settings.public_address,
        "mails name the site: give public_address",
    )
    yield "smtp_security", settings.smtp_security not in SMTP_SECURITIES, "is starttls, tls or none"
    is_open = bool(settings.smtp_host) and settings.smtp_security == "none" and not is_local
    yield "smtp_security", is_open, "none is for a server on this machine (localhost): mails say who was robbed"
    yield "smtp_password", bool(settings.smtp_user) and not settings.smtp_password, "smtp_user needs one"
    is_absent = bool(settings.smtp_host) and not settings.mail_sender
    yield "mail_sender", is_absent, "missing: the address that mails come from"
    is_wrong = bool(settings.mail_sender) and not MAIL_ADDRESS.fullmatch(settings.mail_sender)
    yield "mail_sender", is_wrong, "is no address such as objets@retrouves.example"


def _production(settings: "Settings") -> Iterator[Rule]:
    needs_address = settings.production and not addresses.is_web(settings.public_address, secure=True)
    for name in ("declarations_legal_act", "alerts_legal_act", "claims_legal_act"):
        is_made_up = settings.production and getattr(settings, name) == DEMO_ACT
        yield name, is_made_up, "the demo has made it up: give the real one, or none"
    why = "production needs it, with https://: else links and the sitemap say whatever host a request says"
    yield "public_address", needs_address, why


def _of_database(settings: "Settings", site: "Site") -> Iterator[Rule]:
    name = "public_database_url" if site == "public" else "database_url"
    is_postgresql = addresses.is_postgresql(settings.database_address_of(site))
    needs_postgresql = settings.catalogue == "pgvector" and not is_postgresql
    yield "catalogue", needs_postgresql, f"pgvector needs {name} to be of PostgreSQL"
    is_loose = settings.production and not is_postgresql and not settings.one_machine_trusted_with_everything
    yield (
        name,
        is_loose,
        "on SQLite whoever takes the public process over can change every account: give PostgreSQL's address, or set"
        " one_machine_trusted_with_everything",
    )
