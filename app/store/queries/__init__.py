"""Strangers' queries: a queue, and workers that are kept in."""
