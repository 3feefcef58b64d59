"""Whether one picture is a copy of another, and where it was changed."""
