"""Figures as charts, files and lists."""
