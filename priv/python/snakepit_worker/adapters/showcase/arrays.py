"""The showcase with tools that take and return arrays, and with a model that is trained.

It is an adapter of its own because it imports numpy, for the annotations of its tools. That takes longer than the whole
start of a worker without it. Where numpy is missing, the tools without arrays work nevertheless.
"""

from __future__ import annotations

from . import ShowcaseAdapter
from .encoding import EncodingTools
from .frames import FrameTools
from .images import ImageTools
from .learning import LearningTools
from .predicting import PredictingTools
from .serialization import SerializationTools
from .stats import StatsTools
from .tensors import TensorTools
from .vectors import VectorTools

__all__ = ["ArrayShowcase"]


class ArrayShowcase(
    ShowcaseAdapter,
    TensorTools,
    StatsTools,
    EncodingTools,
    ImageTools,
    FrameTools,
    VectorTools,
    LearningTools,
    PredictingTools,
    SerializationTools,
):
    """The showcase adapter with tools of arrays, of vectors of texts, and of a model."""
