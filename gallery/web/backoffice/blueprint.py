"""The table of the back office's addresses."""

from flask import Blueprint

blueprint = Blueprint("backoffice", __name__)
