"""Messages about changes, to people and to programs."""
