"""The two roles of a process: a template, which forks workers, and a worker, which serves calls."""
