"""Scripted misbehaviour: one small tool for each thing that a tool may do wrong, slowly, or never.

A module without an Adapter class serves the tools that it has imported; each theme has a module of its own. A tool with
a parameter ``marker`` writes that file when it has reached the point that a test waits for.
"""

from probe_children import *  # noqa: F403
from probe_exceptions import *  # noqa: F403
from probe_facts import *  # noqa: F403
from probe_protocol import *  # noqa: F403
from probe_results import *  # noqa: F403
from probe_sessions_and_host_tools import *  # noqa: F403
from probe_streams import *  # noqa: F403
from probe_stubborn import *  # noqa: F403
from probe_waits import *  # noqa: F403
