"""Personal values: read with a reason, and what the officer does for a person."""
