"""Products and concepts as the IPDC, the LPDC and vendors write and send them."""
