"""Albums for social networks: composed, published under a code, followed, verified."""
