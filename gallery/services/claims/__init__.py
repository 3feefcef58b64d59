"""Claims: somebody knows a published item for theirs. Dropped sealed, filed frozen, decided by officers."""
