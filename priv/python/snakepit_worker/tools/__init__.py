"""Tools as the worker sees them: found in an adapter, described for callers, their arguments checked."""
