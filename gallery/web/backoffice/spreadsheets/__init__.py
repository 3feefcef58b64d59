"""Pages of tables: a list taken out of the back office, and one brought in."""
