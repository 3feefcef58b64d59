"""Commands that only read: what items there are, one of them, and what is public as one file."""
