"""Pages on which officers read what claimants say, and say where their claims stand."""
