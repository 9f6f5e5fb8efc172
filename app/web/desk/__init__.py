"""The desk of a municipality, and the work that waits there."""
