"""What the author of a tool uses. The names in this package are importable from ``snakepit_worker`` itself."""
