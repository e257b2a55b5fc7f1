"""Tools of the showcase that tell the classes of texts with a trained model."""

from __future__ import annotations

from typing import Any, TypedDict

from snakepit_worker import Context, tool

from .counting import CountingAdapter
from .numeric import Array, numpy
from .preparing import Prepared, vectors_of
from .sessions import state_of
from .softmax import Parameters, probabilities

_KEY = "model"


class Model(TypedDict):
    """A trained model.

    Attributes:
        classes: The names of the classes.
        mean: What is subtracted from each element of an embedding, of the shape (dimensions,).
        scale: By what it is divided then, of the shape (dimensions,).
        weights: The weights of the standardised elements, of the shape (dimensions, classes).
        bias: What is added for each class, of the shape (classes,).
    """

    classes: list[str]
    mean: Array
    scale: Array
    weights: Array
    bias: Array


class Prediction(TypedDict):
    """The most probable class of a text, and the probability of each class."""

    label: str
    probabilities: dict[str, float]


class Predictions(TypedDict):
    """The classes of several texts.

    Attributes:
        labels: The most probable class of each text.
        classes: The names of the classes.
        probabilities: The probability of each class for each text, as float64 of the shape (texts, classes).
        embeddings: The vector of each text, as ``create_embedding`` makes it, of the shape (texts, dimensions).
    """

    labels: list[str]
    classes: list[str]
    probabilities: Array
    embeddings: Array


class PredictingTools(CountingAdapter):
    """Tools that use the model of the call's session, or the one that they are given."""

    @tool
    def get_model(self, ctx: Context) -> Model:
        """Return the model that ``train`` has left in the session; raises ValueError if it has not."""
        self._calls += 1
        return _model_of(ctx, None)

    @tool
    def predict(self, text: str, ctx: Context, model: Model | None = None) -> Prediction:
        """Return the most probable class of ``text``, and the probability of each class.

        Raises ValueError if there is neither a ``model`` nor one in the session, or if its arrays do not fit.
        """
        self._calls += 1
        used = _model_of(ctx, model)
        row = _probabilities(used, _vectors(used, [text]))[0]
        return {
            "label": used["classes"][int(row.argmax())],
            "probabilities": dict(zip(used["classes"], row.tolist(), strict=True)),
        }

    @tool
    def predict_batch_with_embeddings(self, texts: list[str], ctx: Context, model: Model | None = None) -> Predictions:
        """Return the most probable class of each text, all probabilities, and the vectors that they were computed from.

        It raises what ``predict`` raises.
        """
        self._calls += 1
        used = _model_of(ctx, model)
        vectors = _vectors(used, texts)
        found = _probabilities(used, vectors)
        return {
            "labels": [used["classes"][index] for index in found.argmax(axis=1).tolist()],
            "classes": used["classes"],
            "probabilities": found,
            "embeddings": vectors,
        }


def keep_model(state: dict[str, Any], data: Prepared, parameters: Parameters) -> None:
    """Keep a model in the state of a session, instead of the one that is there."""
    model: Model = {
        "classes": data["classes"],
        "mean": data["mean"],
        "scale": data["scale"],
        "weights": parameters.weights,
        "bias": parameters.bias,
    }
    state[_KEY] = model


def _model_of(ctx: Context, given: Model | None) -> Model:
    numpy()
    if given is None:
        kept: Model | None = state_of(ctx).get(_KEY)
        if kept is None:
            raise ValueError("this session has no model: call train in it first, or give a model")
        return kept
    dimensions, classes = len(given["mean"]), len(given["classes"])
    shapes = [given[name].shape for name in ("mean", "scale", "weights", "bias")]
    if shapes != [(dimensions,), (dimensions,), (dimensions, classes), (classes,)]:
        raise ValueError(f"mean, scale, weights and bias of a model with {classes} classes have the shapes {shapes}")
    return given


def _vectors(model: Model, texts: list[str]) -> Any:
    return vectors_of(texts, len(model["mean"]))


def _probabilities(model: Model, vectors: Any) -> Any:
    return probabilities(Parameters(model["weights"], model["bias"]), (vectors - model["mean"]) / model["scale"])
