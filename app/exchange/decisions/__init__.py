"""Decisions and sessions: out of the graph of pages, and onto paper."""
