"""Pages on items and their photos."""
