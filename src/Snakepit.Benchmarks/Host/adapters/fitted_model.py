"""An adapter whose preparation takes seconds of real work: it fits a logistic regression to data that it builds."""

from __future__ import annotations

import math
import os
import random
import time

from snakepit_worker import Adapter, tool

_SECONDS = float(os.environ["FITTED_MODEL_SECONDS"])
_POINTS = 2_000
_FEATURES = 8
_RATE = 0.5


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))


class FittedModel(Adapter):
    """Fits a model for ``FITTED_MODEL_SECONDS`` seconds of CPU time, on any machine, and keeps the data."""

    def __init__(self) -> None:
        """Create the adapter with a model that is not fitted yet."""
        self._weights = [0.0] * _FEATURES
        self._points: list[tuple[list[float], bool]] = []
        self._epochs = 0

    def prepare(self) -> None:
        """Draw random points on both sides of a plane, and fit the model by gradient descent until the time is over."""
        end = time.process_time() + _SECONDS
        rng = random.Random(1)
        plane = [rng.gauss(0, 1) for _ in range(_FEATURES)]
        for _ in range(_POINTS):
            point = [rng.gauss(0, 1) for _ in range(_FEATURES)]
            self._points.append((point, _dot(point, plane) > 0))
        while time.process_time() < end:
            self._descend()

    @tool
    def accuracy(self) -> dict[str, float]:
        """Return the share of points that the model classifies correctly, and the number of epochs of its fit."""
        right = sum((_dot(point, self._weights) > 0) == above for point, above in self._points)
        return {"accuracy": right / len(self._points), "epochs": self._epochs}

    def _descend(self) -> None:
        gradient = [0.0] * _FEATURES
        for point, above in self._points:
            error = _sigmoid(_dot(point, self._weights)) - above
            for feature, value in enumerate(point):
                gradient[feature] += error * value
        step = _RATE / len(self._points)
        self._weights = [weight - step * slope for weight, slope in zip(self._weights, gradient, strict=True)]
        self._epochs += 1


def _dot(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
