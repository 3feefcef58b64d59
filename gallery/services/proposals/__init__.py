"""Items that resemble what victims have declared: found by the worker, decided by officers, told to victims."""
