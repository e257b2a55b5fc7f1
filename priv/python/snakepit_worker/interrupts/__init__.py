"""How a cancellation is raised in a running tool: on the main thread, in an event loop, on another thread."""
