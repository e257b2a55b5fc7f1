"""From labelled texts to numbers that a model learns from: embeddings, a held-out part, and standardised features."""

from __future__ import annotations

from typing import Any, TypedDict

from .embedding import Embedder
from .numeric import Array, numpy
from .samples import samples

_FEWEST_CLASSES = 2


class Prepared(TypedDict):
    """Texts as numbers, divided into those to learn from and those held out.

    Attributes:
        classes: The names of the classes, in alphabetical order.
        features: The rows to learn from, as float64 of the shape (texts, dimensions). Each column has the mean 0, and
            the standard deviation 1 if its numbers differ.
        labels: The index of each row's class in ``classes``, as int64 of the shape (texts,).
        held_out_features: The rows held out, standardised with the mean and scale of the others.
        held_out_labels: Their classes.
        mean: What was subtracted from each column, of the shape (dimensions,).
        scale: By what each column was divided then, of the shape (dimensions,).
    """

    classes: list[str]
    features: Array
    labels: Array
    held_out_features: Array
    held_out_labels: Array
    mean: Array
    scale: Array


class Labelled(TypedDict):
    """Texts as vectors, of the shape (texts, dimensions), and the index of each text's class, of the shape (texts,)."""

    classes: list[str]
    vectors: Array
    labels: Array


def vectors_of(texts: list[str], dimensions: int) -> Any:
    """Return the embeddings of texts, as float32 of the shape (texts, dimensions)."""
    np = numpy()
    embedder = Embedder(dimensions)
    vectors = np.empty((len(texts), dimensions), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = embedder.embed(text)
    return vectors


def labelled(texts: list[str] | None, labels: list[str] | None, dimensions: int) -> Labelled:
    """Return vectors and classes of texts, or of the sample texts if both are None.

    Raises ValueError if there is not one label for each text, or only one class.
    """
    if texts is None and labels is None:
        known = samples()
        texts, labels = known["texts"], known["labels"]
    if texts is None or labels is None or len(texts) != len(labels):
        raise ValueError(f"there must be one label for each text, not {len(labels or [])} for {len(texts or [])} texts")
    classes = sorted(set(labels))
    if len(classes) < _FEWEST_CLASSES:
        raise ValueError(f"a model tells at least two classes apart, and the labels name {len(classes)}")
    index = {name: number for number, name in enumerate(classes)}
    indices = numpy().array([index[label] for label in labels], numpy().int64)
    return {"classes": classes, "vectors": vectors_of(texts, dimensions), "labels": indices}


def folds_of(labels: Any, folds: int, seed: int) -> Any:
    """Return for each row the number of its fold, from 0: the rows of each class are dealt in random order.

    So each fold has about the same share of each class, and the folds' sizes differ by one at most. Raises ValueError
    for fewer than two folds, for a class with fewer rows than folds, and for a negative seed.
    """
    np = numpy()
    random = _random(seed)
    fewest = int(np.bincount(labels).min())
    if not 2 <= folds <= fewest:  # noqa: PLR2004 (a fold to learn from, and one to test with)
        raise ValueError(f"the number of folds is 2 to {fewest}, the size of the smallest class, not {folds}")
    order = random.permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    numbers = np.empty(len(labels), np.int64)
    numbers[by_class] = np.arange(len(labels)) % folds
    return numbers


def held_out_rows(labels: Any, share: float, seed: int) -> Any:
    """Return which rows are held out, as bool: ``share`` of each class, rounded, chosen at random.

    Raises ValueError if a class would have no row to learn from or none held out, and for a negative seed.
    """
    np = numpy()
    random = _random(seed)
    chosen = np.zeros(len(labels), bool)
    for number in range(int(labels.max()) + 1):
        rows = np.flatnonzero(labels == number)
        count = round(share * len(rows)) if 0 < share < 1 else 0
        if not 0 < count < len(rows):
            raise ValueError(
                f"a share of {share} held out of a class with {len(rows)} texts leaves none of them to learn from, or "
                "holds out none"
            )
        chosen[random.choice(rows, count, replace=False)] = True
    return chosen


def standardised(data: Labelled, held_out: Any) -> Prepared:
    """Return the data divided as ``held_out`` tells; the mean and the scale do not depend on what is held out."""
    np = numpy()
    vectors, labels = data["vectors"].astype(np.float64), data["labels"]
    known = vectors[~held_out]
    mean, scale = known.mean(axis=0), known.std(axis=0)
    scale[scale == 0] = 1  # a column of equal numbers becomes zeros
    return {
        "classes": data["classes"],
        "features": (known - mean) / scale,
        "labels": labels[~held_out],
        "held_out_features": (vectors[held_out] - mean) / scale,
        "held_out_labels": labels[held_out],
        "mean": mean,
        "scale": scale,
    }


def _random(seed: int) -> Any:
    if seed < 0:
        raise ValueError(f"a seed is 0 or more, not {seed}")
    return numpy().random.default_rng(seed)
