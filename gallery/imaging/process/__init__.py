"""The confined process in which untrusted bytes are decoded: who asks it, what it may do, what it answers."""
