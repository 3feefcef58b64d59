"""Pages on cases."""
