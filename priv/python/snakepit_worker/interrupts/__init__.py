"""Interrupts a running tool whose call is cancelled: on the main thread, in an event loop, or on another thread."""
