"""What other systems are told of dossiers, in order and once."""
