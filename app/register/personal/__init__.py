"""Personal values: the one road to them, giving them out and taking them away."""
