"""Figures as pages, and what is counted for them."""
