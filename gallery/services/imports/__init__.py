"""Many photos at once, from a folder with its list."""
