"""The classes and functions for authors of tools. They are imported from ``snakepit_worker`` itself."""
