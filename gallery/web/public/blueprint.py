"""The table of the public site's addresses."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)
