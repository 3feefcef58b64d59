"""Units and officers, and what is kept for them: sessions, unsent forms, official accounts."""
