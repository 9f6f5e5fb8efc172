"""The graphs of a SPARQL store, here or elsewhere, in step with the log."""
