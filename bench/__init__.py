"""Speed, memory and recall, measured against peers: python -m bench NAME."""
