"""Claims: somebody recognises a published item as theirs. Dropped sealed, filed frozen, decided by officers."""
