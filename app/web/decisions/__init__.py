"""Pages about decisions: for everybody, and for the municipality that makes them."""
