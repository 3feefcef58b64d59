"""Photos of many objects at once: dropped into a case, waiting, becoming items."""
