"""Search by photo without the photo: the visitor's own browser describes it, and sends no more than that."""
