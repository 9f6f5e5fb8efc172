"""The log (the truth), the graph stores (its projections) and the vault (personal values)."""
