"""Services of the operating system for a Python process: ending with the host, redirected output, scheduling."""
