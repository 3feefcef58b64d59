"""The photos that searches run on."""
