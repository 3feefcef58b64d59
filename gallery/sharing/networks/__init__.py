"""The package of an album, one module a network."""
