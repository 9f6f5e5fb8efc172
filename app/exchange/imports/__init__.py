"""Lists of associations and products on their way into the register."""
