"""Applications and the dossiers that they become."""
