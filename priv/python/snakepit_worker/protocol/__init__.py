"""The messages between the host and this package, and their form on a stream of bytes."""
