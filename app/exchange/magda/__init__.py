"""MAGDA, the Flemish gateway to authentic sources."""
