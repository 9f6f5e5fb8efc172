"""Pure: files and graphs in, values out."""
