"""numpy for the showcase's tools of arrays, whose adapter loads without it too."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    # The checks of types do not need numpy, and its own annotations differ from version to version.
    Array: TypeAlias = Any
    Numbers: TypeAlias = Any
    Pixels: TypeAlias = Any
else:
    try:
        import numpy as np
        from numpy.typing import NDArray
    except ImportError:
        Array = Numbers = Pixels = Any  # the tools are listed all the same, and say at a call what is missing
    else:
        Array = np.ndarray
        Numbers = NDArray[np.bool_ | np.integer | np.floating]
        Pixels = NDArray[np.uint8]


def numpy() -> Any:
    """Return the module numpy; raises ModuleNotFoundError, which says how to install it, if it is missing."""
    try:
        return importlib.import_module("numpy")
    except ImportError:
        message = "this tool needs numpy: install it for the Python of the workers, with pip install numpy"
        raise ModuleNotFoundError(message, name="numpy") from None
