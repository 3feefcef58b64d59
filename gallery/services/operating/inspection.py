"""What `flask doctor` looks at: settings, database, clock, keys, stores, limits, mail, and the machine."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from gallery.config import rules
from gallery.database import UtcDateTime, why_down
from gallery.errors import MailServerUnreachable, Outage, StoreRefused
from gallery.models import Case, DeclarationKey
from gallery.services import audit, cases, schema
from gallery.services.audit import RestoreTest
from gallery.services.declarations import inbox
from gallery.services.mails import server
from gallery.services.operating import limiter, machine, surroundings
from gallery.services.operating.diagnoses import Diagnosis, fault, fine, warning
from gallery.services.operating.state import BACKUP_WITHIN, RESTORE_TEST_WITHIN
from gallery.services.resources import Resources
from gallery.services.storekeeping import ownership, wording

# Seconds. Authenticators change their code every 30, and leases of work are compared by the processes' own clocks.
CLOCK_WARNING, CLOCK_FAULT = 2.0, 20.0
MIN_POSTGRESQL = 140_000
# One alone may be damaged.
CASES_TRIED = 5
MIGRATE = "Run `flask --app wsgi:backoffice migrate`."

Check = Callable[[Resources], Iterator[Diagnosis]]


def inspect(given: Resources) -> list[Diagnosis]:
    """Look at everything, whatever is broken; nothing is changed but a file that says that a store can be written."""
    return [finding for check in CHECKS for finding in check(given)]


def of_settings(given: Resources) -> Iterator[Diagnosis]:
    """What is allowed and nevertheless not right for a service that victims use."""
    settings = given.settings
    if not settings.production:
        yield warning("settings", "production is off: a trial", "Set `production = true` before victims use it.")
        return
    found = list(_of_production(given))
    yield from found or [fine("settings", "made for production")]


def _of_production(given: Resources) -> Iterator[Diagnosis]:
    settings = given.settings
    if missing := rules.missing_for_legal_pages(settings):
        yield warning(
            "settings", "legal pages lack {settings}", "Give them: the law requires them.", settings=", ".join(missing)
        )
    if not settings.trusted_proxies:
        advice = "Set it to the number of proxies in front, else all visitors share one limit."
        yield warning("settings", "trusted_proxies is 0", advice)
    if not settings.redis_url:
        advice = "Give it where several processes serve, else each counts its own visitors."
        yield warning("settings", "redis_url is empty", advice)
    if settings.second_factor_for == "none":
        yield warning("settings", "nobody needs a second factor", "Set `second_factor_required` to all.")
    if not settings.security_contact:
        advice = "Say where to report a vulnerability; otherwise nobody is told: there is no security.txt."
        yield warning("settings", "security_contact is empty", advice)
    if not settings.sends_mail:
        advice = "Give `smtp_host`, `alerts_legal_act` and `alerts_impact_assessment`, or have officers call them."
        yield warning("settings", "no mail is sent to victims", advice)


def of_database(given: Resources) -> Iterator[Diagnosis]:
    """Whether the database answers with the tables that this program works with, and its clock agrees with ours."""
    try:
        with given.sessions() as session:
            found = schema.look(session)
            if found.can_be_used:
                yield fine("database", "answers; schema {found}, program {known}", found=found.found, known=found.known)
            else:
                yield _unfit(found)
            yield from _of_server(session, given)
    except SQLAlchemyError as error:
        why = why_down(error) or type(error).__name__
        yield fault("database", "does not answer: {why}", "Start it, or correct `database_url`.", why=why)


def _unfit(found: schema.Schema) -> Diagnosis:
    if found.fit is schema.Fit.HALF_MOVED:
        return fault("database", "`flask move` into it has not ended", "Run the same `flask move` again.")
    advice = "Upgrade the program." if found.fit is schema.Fit.TOO_NEW else MIGRATE
    what = "the tables are of {found}, the program of {known}: they do not go together"
    return fault("database", what, advice, found=found.found or "-", known=found.known)


def _of_server(session: Session, given: Resources) -> Iterator[Diagnosis]:
    if session.connection().dialect.name == "sqlite":
        yield fine("clock", "the database is a file: it has the clock of this machine")
        return
    if session.connection().dialect.server_version_info < (MIN_POSTGRESQL // 10_000,):  # type: ignore[operator]
        yield fault("versions", "PostgreSQL is older than 14", "Upgrade PostgreSQL.")
    its = session.scalars(select(func.clock_timestamp(type_=UtcDateTime))).one()
    apart = abs((its - given.now()).total_seconds())
    said = "the database's clock and this machine's are {seconds:.1f} s apart"
    advice = "Let both machines follow one time server (NTP), else codes of authenticators are refused."
    if apart >= CLOCK_FAULT:
        yield fault("clock", said, advice, seconds=apart)
    elif apart >= CLOCK_WARNING:
        yield warning("clock", said, advice, seconds=apart)
    else:
        yield fine("clock", said, seconds=apart)
    if given.settings.catalogue == "pgvector":
        version = session.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
        is_known = version is not None and tuple(map(int, version.split(".")[:2])) >= (0, 7)
        advice = (
            "Install pgvector 0.7 or later, then `ALTER EXTENSION vector UPDATE`, then run "
            "`flask --app wsgi:backoffice migrate`."
        )
        said = "pgvector {version}" if version else "pgvector is not installed"
        yield fine("versions", said, version=version) if is_known else fault("versions", said, advice, version=version)


def of_keys(given: Resources) -> Iterator[Diagnosis]:
    """Whether the sealing identity opens what is sealed, and drops of the public site are sealed to it."""
    try:
        with given.sessions() as session:
            newest = session.scalars(select(Case).order_by(Case.id.desc()).limit(CASES_TRIED)).all()
            damaged = sum(not cases.open_secrets(each, given.sealer).is_readable for each in newest)
            recipient = session.scalar(select(DeclarationKey.recipient))
    except SQLAlchemyError:
        yield warning("keys", "could not be tried without the database", "Mend the database first.")
    else:
        if newest and damaged == len(newest):
            advice = "Put the former one back from its backup: nothing else opens what is sealed."
            yield fault("keys", "sealing_identity opens none of the newest cases", advice)
            return
        if damaged:
            advice = "Write again what their pages call unreadable."
            yield warning("keys", "{count} of the newest cases can't be opened", advice, count=damaged)
        if recipient not in (None, given.sealer.recipient):
            advice = "Start the worker, which publishes the key; drops sealed to the old one need the old identity."
            yield warning("keys", "the public site seals declarations to another key", advice)
        else:
            yield fine("keys", "sealing_identity opens what is sealed" if newest else "nothing is sealed yet")


def of_inbox(given: Resources) -> Iterator[Diagnosis]:
    """Whether what victims send is opened and filed."""
    try:
        with given.sessions() as session:
            stuck = inbox.stuck(session)
    except SQLAlchemyError:
        yield warning("inbox", "could not be looked at without the database", "Mend the database first.")
        return
    if stuck.unreadable and stuck.oldest:
        ends = (stuck.oldest + timedelta(days=given.settings.unreadable_drop_days)).date()
        advice = "Put a lost sealing identity back and start the worker; else they are garbage, erased from {ends} on."
        yield fault("inbox", "{count} drops of victims are opened by no key", advice, count=stuck.unreadable, ends=ends)
    if stuck.unfiled:
        advice = "Read the worker's log, then run `flask --app wsgi:backoffice inbox --retry`."
        yield fault("inbox", "{count} drops of victims could not be filed", advice, count=stuck.unfiled)
    if not stuck.total:
        yield fine("inbox", "nothing lies there that could not be filed")


def of_backups(given: Resources) -> Iterator[Diagnosis]:
    """Whether the last whole backup is not too old."""
    try:
        with given.sessions() as session:
            last, tested = audit.last_backup(session), audit.last_restore_test(session)
    except SQLAlchemyError:
        yield warning("backups", "could not be looked at without the database", "Mend the database first.")
        return
    if last is None:
        advice = (
            "Set `backup_recipients`, then run `flask --app wsgi:backoffice backup DESTINATION --verify-in-turn "
            "--expire-days 30` every night."
        )
        yield warning("backups", "none was made yet", advice)
        return
    said, hours = "the last whole one is {hours:.0f} hours old", (given.now() - last).total_seconds() / 3600
    if given.now() - last > BACKUP_WITHIN:
        yield fault("backups", said, "Read the log of the last one, and make one now.", hours=hours)
    else:
        yield fine("backups", said, hours=hours)
    yield _of_restore_test(tested, given.now())


def _of_restore_test(test: RestoreTest | None, now: datetime) -> Diagnosis:
    """Whether the last test of restoring a backup has passed, and not too long ago."""
    if test is None:
        advice = (
            "Run `flask --app wsgi:setup restore DESTINATION --identity FILE --test` where the key is, every month."
        )
        return warning("backups", "no test of restoring one is noted", advice)
    said, days = "the last test of restoring one passed {days} days ago", (now - test.at).days
    if not test.has_passed:
        advice = "Read the log of that test; make a new backup, and test it."
        return fault("backups", "the last test of restoring one failed {days} days ago", advice, days=days)
    if now - test.at > RESTORE_TEST_WITHIN:
        return fault("backups", said, "Make one now, and see why its timer did not.", days=days)
    return fine("backups", said, days=days)


def of_stores(given: Resources) -> Iterator[Diagnosis]:
    """Whether both stores can be written and read back, and belong to this database."""
    for name, store in ownership.both(given):
        try:
            store.check_writing()
            with given.sessions() as session:
                ownership.check(session, store, name)
            yield fine("stores", "the {name} store can be written and read, and is this database's", name=name)
        except Outage as error:
            advice = "Start the store, mount its disk, or correct its address and credentials."
            yield fault("stores", "the {name} store: {why}", advice, name=name, why=wording.why(error))
        except StoreRefused as error:
            advice = "Correct `database_url`, or run `flask --app wsgi:backoffice store adopt {name}`."
            yield fault("stores", "{why}", advice, name=name, why=wording.why(error))
        except SQLAlchemyError:
            what = "whose the {name} store is, only the database knows"
            yield warning("stores", what, "Mend the database first.", name=name)


def of_limits(given: Resources) -> Iterator[Diagnosis]:
    """Whether the server that limits are counted in answers."""
    if not given.settings.redis_url:
        yield fine("limits", "counted in each process")
    elif limiter.answers(given.settings.redis_url):
        yield fine("limits", "Redis answers")
    else:
        yield fault("limits", "Redis does not answer", "Start it: until then each process counts by itself.")


def of_mail(given: Resources) -> Iterator[Diagnosis]:
    """Whether the mail server takes our connection and account; nothing is sent."""
    if not given.settings.sends_mail:
        yield fine("mail", "none is sent")
        return
    try:
        with server.connected(given.settings):
            yield fine("mail", "the server takes our connection")
    except MailServerUnreachable as error:
        advice = "Check `smtp_host`, `smtp_port`, `smtp_security`, the account and its password."
        yield fault("mail", "{why}", advice, why=wording.why(error))


CHECKS: Sequence[Check] = (
    of_settings, machine.permissions, of_database, surroundings.of_connections, surroundings.of_clock, of_keys,
    of_inbox, of_backups, of_stores, of_limits, of_mail, surroundings.of_certificate, machine.room, machine.versions,
)  # fmt: skip
