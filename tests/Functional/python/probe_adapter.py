"""The probe adapter of the functional tests: small tools, each of which does one thing wrong, slowly, or never.

The tools are defined in one module for each theme. This module imports them and serves them, because it has no Adapter
class. A tool with a parameter ``marker`` writes that file when it has reached the point that a test waits for.
"""

from probe_children import *  # noqa: F403
from probe_escapes import *  # noqa: F403
from probe_exceptions import *  # noqa: F403
from probe_facts import *  # noqa: F403
from probe_protocol import *  # noqa: F403
from probe_results import *  # noqa: F403
from probe_sessions_and_host_tools import *  # noqa: F403
from probe_streams import *  # noqa: F403
from probe_stubborn import *  # noqa: F403
from probe_waits import *  # noqa: F403
