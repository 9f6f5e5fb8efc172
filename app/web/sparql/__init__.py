"""`/sparql`: the SPARQL 1.1 Protocol, and what it says of itself."""
