"""Tools as the worker sees them: found in an adapter, described for callers, with checks of their arguments."""
