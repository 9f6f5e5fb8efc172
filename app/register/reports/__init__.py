"""Figures: what is asked, answered, kept and sent."""
