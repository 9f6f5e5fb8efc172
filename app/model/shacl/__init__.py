"""Shapes compiled to plain Python: SHACL Core, as far as ours use it."""
