"""Mails to victims: what they say, how they are handed over, and what became of them."""
