"""Words as they are searched: folded, and written with each item."""
