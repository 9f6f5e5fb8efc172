"""Is this association in the register already, and what becomes of two that are one."""
