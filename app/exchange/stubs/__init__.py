"""Stand-ins for the systems of others, with their known faults."""
