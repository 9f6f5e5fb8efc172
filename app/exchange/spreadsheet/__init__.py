"""Lists as municipalities have them: read whatever they are, and written so that nothing in them runs."""
