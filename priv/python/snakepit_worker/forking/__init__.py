"""What must differ from one worker to the next although the workers are copies of one process, or cannot be copied."""
