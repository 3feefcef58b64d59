"""flask commands: thin, each parses, calls services and prints."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the commands to an application."""
