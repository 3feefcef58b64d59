"""Whose the stores are, what may be removed from them, and what lies in their trash."""
