"""Records what tools tell of their work. It is imported at the first call of which the host wants to know."""
