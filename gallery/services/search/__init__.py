"""Search by photo, and the catalogues that it runs on."""
