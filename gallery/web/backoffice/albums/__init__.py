"""Pages on albums: composing, publishing, following, taking up old ones."""
