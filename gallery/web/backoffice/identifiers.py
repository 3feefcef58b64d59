"""What may stand for an item, a case or a photo in an address."""

from werkzeug.routing import BaseConverter


class IdentifierConverter(BaseConverter):
    """Letters, digits, hyphens and underscores: anything else is no address of ours, and never reaches the database."""

    regex = "[A-Za-z0-9_-]{1,64}"
