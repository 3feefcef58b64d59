"""The tiers: what each of them sees in one picture."""
