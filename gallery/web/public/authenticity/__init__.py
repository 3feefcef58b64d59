"""Whether something is really ours: the page that verifies, and the units' official accounts."""
