"""What every process does first: read its settings, connect to the host, prepare the adapter, report a failure."""
