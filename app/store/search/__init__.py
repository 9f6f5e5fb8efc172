"""Searching what everybody may see: an index beside the log, on SQLite with FTS5."""
