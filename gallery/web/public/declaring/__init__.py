"""The pages on which victims declare what was stolen, and follow it with their code."""
