"""`flask create-unit` and `flask create-officer`."""

import secrets

import click

from gallery.cli.command import Command
from gallery.cli.resources import now, open_resources, password_hash
from gallery.cli.spoken import said
from gallery.models import OfficerRole, UnitKind
from gallery.services.people import addresses, units
from gallery.services.people.password_strength import strength_of
from gallery.services.transaction import atomic
from gallery.services.words.tidying import tidy_line

PASSWORD_MIN_LENGTH = 12


def random_password() -> str:
    """A password that can be read out and typed: 20 random characters."""
    return secrets.token_urlsafe(15)


def _name(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    """A name as the pages keep it: one line, and neither empty nor too long for its column."""
    tidied = tidy_line(typed)
    if not 0 < len(tidied) <= units.LONGEST_NAME:
        raise click.BadParameter(said("a name of 1 to {most} characters", most=units.LONGEST_NAME))
    return tidied


@click.command("create-unit", cls=Command)
@click.argument("code")
@click.option("--name", required=True, callback=_name, help="As the public reads it.")
@click.option("--departement", required=True, help="Its number: 35, 2A, 974 ...")
@click.option("--kind", type=click.Choice([kind.value for kind in UnitKind]), default=UnitKind.GENDARMERIE.value)
@click.option("--phone", default="", help="Public telephone number.")
@click.option("--email", default="", help="Public e-mail address.")
def create_unit(code: str, name: str, departement: str, kind: str, phone: str, email: str) -> None:
    """Add a unit under a short CODE, such as GGD35."""
    address = addresses.normalised(email) if email.strip() else ""
    with open_resources() as given, given.sessions() as session, atomic(session):
        written = units.WrittenUnit(name=name, kind=UnitKind(kind), public_phone=phone, public_email=address)
        units.create_unit(session, units.NewUnit(code, departement, written), by=None, now=now())
    click.echo(said("Unit {code} created.", code=code))


@click.command("create-officer", cls=Command)
@click.argument("email")
@click.option("--unit", "unit_code", required=True, metavar="CODE")
@click.option("--name", required=True, callback=_name)
@click.option("--role", type=click.Choice([role.value for role in OfficerRole]), default=OfficerRole.AGENT.value)
@click.option("--ask-password", is_flag=True, help="Ask for the password; without it a random one is printed.")
def create_officer(email: str, unit_code: str, name: str, role: str, ask_password: bool) -> None:
    """Open an account for the officer who signs in as EMAIL."""
    password = _asked_password(name, email) if ask_password else random_password()
    with open_resources() as given, given.sessions() as session:
        hashed = password_hash(given.settings, password)
        with atomic(session):
            units.create_officer(
                session,
                units.NewOfficer(
                    unit=units.get_by_code(session, unit_code), email=email, name=name, role=OfficerRole(role)
                ),
                password_hash=hashed,
                by=None,
                now=now(),
            )
    click.echo(said("Account {email} created in {unit_code}.", email=email, unit_code=unit_code))
    if not ask_password:
        click.echo(said("Password, shown this once: {password}", password=password))


def _asked_password(*own_words: str) -> str:
    password: str = click.prompt(said("Password"), hide_input=True, confirmation_prompt=True)
    if len(password) < PASSWORD_MIN_LENGTH:
        raise click.UsageError(said("The password needs {length} characters or more.", length=PASSWORD_MIN_LENGTH))
    weakness = strength_of(password, own_words=own_words).weakness
    if weakness is not None:
        raise click.UsageError(
            said("The password would soon be guessed ({why}): take four unrelated words.", why=weakness.value)
        )
    return password
