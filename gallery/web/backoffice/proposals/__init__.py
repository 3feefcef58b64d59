"""Pages on which officers decide what victims are shown, and whom to call."""
