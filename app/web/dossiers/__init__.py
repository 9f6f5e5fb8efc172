"""Applications and dossiers, for the association and for who handles them."""
