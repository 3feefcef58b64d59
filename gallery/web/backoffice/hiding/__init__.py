"""Hiding parts of photos: of those of an item, and of those that wait."""
