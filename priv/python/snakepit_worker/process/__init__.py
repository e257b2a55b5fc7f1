"""What a process asks of the operating system: to end with its host, where its output goes, how it is scheduled."""
