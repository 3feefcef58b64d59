"""Pages of administrators and managers."""
