"""What opens a declaration: its code, the keys that are made of it, and how long a browser stays in."""
