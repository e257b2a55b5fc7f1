"""How a cancellation reaches a tool that is running: on the main thread, in an event loop, on another thread."""
