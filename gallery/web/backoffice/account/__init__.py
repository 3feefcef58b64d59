"""Signing in, and an officer’s own account."""
