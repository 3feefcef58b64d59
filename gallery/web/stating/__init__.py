"""The form of a declaration, for the public site and for the desk of a unit alike."""
