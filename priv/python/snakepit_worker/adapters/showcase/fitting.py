"""Fitting the model of the showcase, with numpy alone or with scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias

from . import softmax, solver
from .preparing import Prepared
from .softmax import Parameters

Engine: TypeAlias = Literal["auto", "numpy", "sklearn"]

_MOST_EPOCHS = 10_000


class Settings(NamedTuple):
    """How a model is fitted.

    Attributes:
        epochs: How many epochs there are.
        rate: The size of a step of the engine "numpy"; "sklearn" chooses its own.
        penalty: How much large weights cost, see ``softmax``.
        seed: From which the order of the rows follows.
        engine: What computes: "sklearn", "numpy", or with "auto" the first of them that is installed.
    """

    epochs: int
    rate: float
    penalty: float
    seed: int
    engine: Engine


def checked(settings: Settings) -> Settings:
    """Return the settings with the engine that "auto" stands for.

    Raises ValueError for a number that is out of its range, and ModuleNotFoundError for an engine that is missing.
    """
    if not 1 <= settings.epochs <= _MOST_EPOCHS:
        raise ValueError(f"a number of epochs is 1 to {_MOST_EPOCHS:,}, not {settings.epochs:,}")
    for name, number in (("rate", settings.rate), ("penalty", settings.penalty)):
        if not (number > 0 and math.isfinite(number)):
            raise ValueError(f"a {name} is more than 0 and finite, not {number}")
    if settings.engine == "numpy":
        return settings
    try:
        solver.sklearn()
    except ModuleNotFoundError:
        if settings.engine == "sklearn":
            raise
        return settings._replace(engine="numpy")
    return settings._replace(engine="sklearn")


def fit(data: Prepared, settings: Settings) -> Iterator[Parameters]:
    """Yield the parameters after each epoch. The settings are ``checked`` ones."""
    features, labels, classes = data["features"], data["labels"], len(data["classes"])
    if settings.engine == "sklearn":
        epochs = solver.solve(features, labels, classes, settings.penalty)
    else:
        epochs = softmax.descend(features, labels, classes, settings.rate, settings.penalty, settings.seed)
    return islice(epochs, settings.epochs)
