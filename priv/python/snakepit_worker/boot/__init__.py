"""The first steps of every process: read its settings, connect to the host, prepare the adapter, report failures."""
