"""Words that a picture suggests: likely categories, and the main colours of its object."""
