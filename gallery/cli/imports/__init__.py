"""What `flask import` says and counts while it works through a folder."""
