"""Recognitions of associations by municipalities."""
