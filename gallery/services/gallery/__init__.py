"""What the public browses: records of published items, filtered, counted and sorted."""
