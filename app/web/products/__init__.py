"""Products: what is offered, and the desk of who offers it."""
