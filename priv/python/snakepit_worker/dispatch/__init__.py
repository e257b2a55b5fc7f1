"""From frames to running tools and back: one call at a time, or several in threads and as tasks."""
