"""Recovered objects: their descriptions, numbers, photos, and what makes them public."""
