"""How often the matcher is right, on labelled photographs."""
