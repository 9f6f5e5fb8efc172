"""The data themselves: feeds, dumps, the catalogue, vocabularies and lists for tools."""
