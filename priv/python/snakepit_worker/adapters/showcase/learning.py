"""Tools of the showcase that train a model which tells the language of a text, and that judge it by held-out texts."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import TypedDict

from snakepit_worker import Context, tool

from . import softmax
from .counting import CountingAdapter
from .fitting import Engine, Settings, checked, fit
from .numeric import numpy
from .predicting import keep_model
from .preparing import Prepared, folds_of, held_out_rows, labelled, standardised
from .samples import Samples, samples
from .sessions import state_of


class Epoch(TypedDict):
    """What a model has reached after one epoch.

    Attributes:
        epoch: The number of the epoch, from 1.
        epochs: How many there will be.
        loss: The loss on the texts that it learns from, in nats, with the penalty; see ``softmax``.
        accuracy: The share of these texts whose class it tells.
        held_out_accuracy: The share of the texts held out whose class it tells.
        engine: What computes, "numpy" or "sklearn".
    """

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    held_out_accuracy: float
    engine: str


class Validation(TypedDict):
    """How well models tell the classes of texts that they have not learned from.

    Attributes:
        accuracies: The share of right answers in each fold, from the model that has learned from all other folds.
        mean: Their mean.
        std: Their standard deviation, which is not an estimate for more folds.
        engine: What has computed, "numpy" or "sklearn".
    """

    accuracies: list[float]
    mean: float
    std: float
    engine: str


class LearningTools(CountingAdapter):
    """Tools that prepare data, train a softmax regression on it, and validate it.

    Their texts and labels are the caller's, or the sample texts if none are given. The same arguments give the same
    numbers; only the two engines differ from each other in the last few per cent.
    """

    @tool
    def load_sample_data(self) -> Samples:
        """Return the sample texts: 232 paragraphs of the Declaration of Human Rights in four languages."""
        self._calls += 1
        return samples()

    @tool
    def preprocess(
        self,
        texts: list[str] | None = None,
        labels: list[str] | None = None,
        dimensions: int = 256,
        held_out: float = 0.25,
        seed: int = 0,
    ) -> Prepared:
        """Return what ``train`` learns from and what it holds out: the standardised embeddings of the texts."""
        self._calls += 1
        numpy()
        data = labelled(texts, labels, dimensions)
        return standardised(data, held_out_rows(data["labels"], held_out, seed))

    @tool
    def train(
        self,
        ctx: Context,
        texts: list[str] | None = None,
        labels: list[str] | None = None,
        dimensions: int = 256,
        epochs: int = 20,
        rate: float = 0.05,
        penalty: float = 0.01,
        held_out: float = 0.25,
        seed: int = 0,
        engine: Engine = "auto",
    ) -> Iterator[Epoch]:
        """Train a model, and yield after each epoch how good it is.

        The session keeps the model, because a pool has several workers, and only calls of one session are sure to run
        in the worker that has trained. ``get_model`` returns it, so that ``predict`` can be called with it on any
        worker. A caller that stops to read keeps the model of the last chunk that was made.

        Args:
            ctx: The call, which must belong to a session.
            texts: What to learn from; None for the sample texts.
            labels: The class of each text.
            dimensions: The length of the embeddings.
            epochs: How many epochs to train: passes over the texts, or steps of scikit-learn's solver.
            rate: The size of a step of the engine "numpy".
            penalty: How much large weights cost, more than 0.
            held_out: The share of each class that is held out, more than 0 and less than 1.
            seed: From which follows what is held out, and the order of the texts in an epoch.
            engine: What computes. "auto" is scikit-learn where it is installed, whose first import in a worker takes
                a second or more.

        Raises ValueError for a call without a session, and for arguments out of their range.
        """
        self._calls += 1
        numpy()
        state = state_of(ctx)
        settings = checked(Settings(epochs, rate, penalty, seed, engine))
        data = labelled(texts, labels, dimensions)
        prepared = standardised(data, held_out_rows(data["labels"], held_out, seed))
        for number, parameters in enumerate(fit(prepared, settings), 1):
            keep_model(state, prepared, parameters)
            yield {
                "epoch": number,
                "epochs": epochs,
                "loss": softmax.loss(parameters, prepared["features"], prepared["labels"], penalty),
                "accuracy": softmax.accuracy(parameters, prepared["features"], prepared["labels"]),
                "held_out_accuracy": softmax.accuracy(
                    parameters, prepared["held_out_features"], prepared["held_out_labels"]
                ),
                "engine": settings.engine,
            }

    @tool
    def cross_validate(
        self,
        texts: list[str] | None = None,
        labels: list[str] | None = None,
        folds: int = 5,
        dimensions: int = 256,
        epochs: int = 20,
        rate: float = 0.05,
        penalty: float = 0.01,
        seed: int = 0,
        engine: Engine = "auto",
    ) -> Validation:
        """Train ``folds`` models, each on all folds but one, and return how well each tells the classes of that one.

        It needs no session, because it keeps no model. The arguments are those of ``train``.
        """
        self._calls += 1
        numpy()
        settings = checked(Settings(epochs, rate, penalty, seed, engine))
        data = labelled(texts, labels, dimensions)
        numbers = folds_of(data["labels"], folds, seed)
        accuracies: list[float] = []
        for number in range(folds):
            prepared = standardised(data, numbers == number)
            *_, parameters = fit(prepared, settings)
            accuracies.append(softmax.accuracy(parameters, prepared["held_out_features"], prepared["held_out_labels"]))
        return {
            "accuracies": accuracies,
            "mean": statistics.fmean(accuracies),
            "std": statistics.pstdev(accuracies),
            "engine": settings.engine,
        }
