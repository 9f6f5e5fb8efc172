"""RDFa Core 1.1 in HTML: pages of others as graphs."""
