"""Documents that people hand in, looked into before they are kept."""
