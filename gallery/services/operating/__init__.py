"""What whoever runs the service is told: counts of what waits, what an installation lacks, what is wrong with it."""
