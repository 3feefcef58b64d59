"""Pages of the photos that wait in a case."""
