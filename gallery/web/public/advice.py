"""Advice before and after a theft, and the inventory that a visitor fills in at home: nothing of it is sent."""

from flask import render_template

from gallery.web.public.kept import kept
from gallery.web.resources import resources

# Checked 2026-11-24: "Plainte en ligne" has replaced "Pré-plainte en ligne" since October 2024.
COMPLAINT = "https://plainte-en-ligne.masecurite.interieur.gouv.fr"
BLANK_ENTRIES = 4


@kept()
def show() -> str:
    """How to photograph, mark and list one's belongings, and what to do after a theft."""
    return render_template("public/advice.html", complaint=COMPLAINT)


@kept()
def inventory() -> str:
    """A list to fill in and print; without script, a blank sheet to print."""
    most = resources().settings.max_declared_objects
    return render_template("public/inventory.html", blank_entries=BLANK_ENTRIES, max_objects=most)
