"""Pages on which officers read what claimants say, and say how it stands."""
