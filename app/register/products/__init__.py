"""Products: concepts, cards, who can get them, and who looks after them."""
