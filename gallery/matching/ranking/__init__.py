"""From measurements to ranked candidates with their evidence."""
