"""What the author of a tool uses; ``snakepit_worker`` itself offers these names for import."""
