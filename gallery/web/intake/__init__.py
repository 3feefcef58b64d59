"""What comes in: from whom, how large, how fast, with which token, in which turn."""
