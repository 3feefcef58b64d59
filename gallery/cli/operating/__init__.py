"""Commands for whoever runs the service: what goes on behind the pages, whose the stores are, what state all is in."""
