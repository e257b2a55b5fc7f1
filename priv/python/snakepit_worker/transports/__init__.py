"""How frames reach a worker. Each transport reads host frames, writes worker frames, and knows nothing of calls."""
