"""How frames travel: each transport reads the host's frames and writes the worker's, whatever is in them."""
