"""Addresses of accounts in one spelling: capitals, Unicode forms, full-width letters and IDN domains set aside.

Where two accounts turn out to have one address, the older keeps it; the younger is closed, keeps its spelling, and is
named on the terminal by its reference, not by the address. What is no address stays: nobody ever signed in with it.
"""

import logging
import unicodedata

import sqlalchemy as sa
from alembic import op
from email_validator import EmailNotValidError, validate_email

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OFFICERS = sa.table(
    "officers", sa.column("id"), sa.column("email"), sa.column("public_id"), sa.column("active", sa.Boolean)
)


def upgrade() -> None:
    bind = op.get_bind()
    rows = list(bind.execute(sa.select(OFFICERS.c.id, OFFICERS.c.email, OFFICERS.c.public_id).order_by(OFFICERS.c.id)))
    taken = {row.email for row in rows if _normalised(row.email) == row.email}
    for row in rows:
        address = _normalised(row.email)
        if address == row.email:
            continue
        if address in taken:
            logging.getLogger("alembic").warning("account %s has an older one's address: it is closed", row.public_id)
            bind.execute(OFFICERS.update().where(OFFICERS.c.id == row.id).values(active=False))
        else:
            taken.add(address)
            bind.execute(OFFICERS.update().where(OFFICERS.c.id == row.id).values(email=address))


def downgrade() -> None:
    """Addresses stay as they are: the former version reads them."""


def _normalised(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())
    try:
        return validate_email(folded, check_deliverability=False).normalized
    except EmailNotValidError:
        return text
