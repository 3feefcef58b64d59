"""Things drawn by code, and pictures taken of them: arrays and numbers, no table and no request."""
