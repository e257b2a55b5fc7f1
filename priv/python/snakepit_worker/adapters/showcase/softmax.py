"""Softmax regression: a linear model of the probability of each class.

The formulas are those of Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.4. With features x, the
probability of class k is exp(a_k) / sum_j exp(a_j), where a = x W + b. The loss is the mean of -log of the probability
of the true class, in nats, plus penalty / 2 times the sum of the squared weights W.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .numeric import numpy

_BATCH = 16  # rows


class Parameters(NamedTuple):
    """What the model has learned: weights of the shape (features, classes), and a bias of the shape (classes,)."""

    weights: Any
    bias: Any


def probabilities(parameters: Parameters, features: Any) -> Any:
    """Return the probabilities of the shape (rows, classes), for features of the shape (rows, features)."""
    np = numpy()
    scores = features @ parameters.weights + parameters.bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))  # the largest power is 1, so that none is infinite
    return powers / powers.sum(axis=1, keepdims=True)


def loss(parameters: Parameters, features: Any, labels: Any, penalty: float) -> float:
    """Return the loss of the model on rows with these classes."""
    np = numpy()
    scores = features @ parameters.weights + parameters.bias
    highest = scores.max(axis=1)
    logs = highest + np.log(np.exp(scores - highest[:, np.newaxis]).sum(axis=1))
    errors = logs - scores[np.arange(len(labels)), labels]
    return float(errors.mean() + penalty / 2 * (parameters.weights**2).sum())


def accuracy(parameters: Parameters, features: Any, labels: Any) -> float:
    """Return the share of rows whose most probable class is the true one."""
    return float((probabilities(parameters, features).argmax(axis=1) == labels).mean())


def descend(features: Any, labels: Any, classes: int, rate: float, penalty: float, seed: int) -> Iterator[Parameters]:
    """Yield the parameters after each epoch of stochastic gradient descent, without end; they begin at 0.

    An epoch goes once over all rows, in batches and in an order that follows from ``seed``. ``rate`` is the size of a
    step: the gradient of the loss on the batch is multiplied with it.
    """
    np = numpy()
    random = np.random.default_rng(seed)
    truth = np.eye(classes)[labels]
    weights, bias = np.zeros((features.shape[1], classes)), np.zeros(classes)
    while True:
        order = random.permutation(len(labels))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            errors = (probabilities(Parameters(weights, bias), features[rows]) - truth[rows]) / len(rows)
            weights = weights - rate * (features[rows].T @ errors + penalty * weights)
            bias = bias - rate * errors.sum(axis=0)
        yield Parameters(weights, bias)
