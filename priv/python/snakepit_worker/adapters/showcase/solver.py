"""Softmax regression with scikit-learn, for workers that have it: the same model and loss as in ``softmax``."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from typing import Any

from .numeric import numpy
from .softmax import Parameters

_STEPS = 1  # of the solver in an epoch, each of which goes over all rows at least once


def sklearn() -> Any:
    """Return the module sklearn.linear_model; raises ModuleNotFoundError if scikit-learn is missing."""
    try:
        return importlib.import_module("sklearn.linear_model")
    except ImportError:
        message = (
            'the engine "sklearn" needs scikit-learn: install it for the Python of the workers, with pip install '
            'scikit-learn, or use the engine "numpy"'
        )
        raise ModuleNotFoundError(message, name="sklearn") from None


def solve(features: Any, labels: Any, classes: int, penalty: float) -> Iterator[Parameters]:
    """Yield the parameters after each epoch, which is one step of the solver L-BFGS, without end."""
    np = numpy()
    # scikit-learn minimises the sum of the errors times C, and half of the sum of the squared weights.
    model = sklearn().LogisticRegression(C=1 / (penalty * len(labels)), max_iter=_STEPS, warm_start=True)
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns after each epoch that the solver has not converged yet
            model.fit(features, labels)
        weights, bias = model.coef_.T, model.intercept_
        if weights.shape[1] != classes:  # for two classes, it has the parameters of the second one only
            weights = np.hstack([np.zeros_like(weights), weights])
            bias = np.concatenate([[0.0], bias])
        yield Parameters(weights.copy(), bias.copy())
