"""The messages between the host and this package, and how they are cut out of a stream of bytes."""
