"""Reading what municipalities publish, page after page."""
