"""Being told of changes: asked for, agreed to, and as they come."""
