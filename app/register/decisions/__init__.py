"""Decisions: written, signed and published here, tied to what they are about."""
