"""Linked Data Event Streams: our feeds as they go out, and the pages of others as they come in."""
