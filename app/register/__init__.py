"""The business: commands, the one write path, and the rules."""
