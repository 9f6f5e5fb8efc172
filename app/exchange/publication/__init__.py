"""Whether a page with decisions says what it must, and for which maturity."""
