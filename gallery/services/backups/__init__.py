"""Copies of a whole installation: backups and their restoring, moves to another database or store."""
