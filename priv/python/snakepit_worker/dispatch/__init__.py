"""Dispatchers: they run the tools that the host's frames call, one call at a time or several at once."""
