"""An album as a film."""
