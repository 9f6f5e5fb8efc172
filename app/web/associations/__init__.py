"""Associations: found, seen, changed, by everybody, their clerks and themselves."""
