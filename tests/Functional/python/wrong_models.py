"""Adapters whose tools of vectors and models have one fault each, which the slot that measures them must notice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from snakepit_worker import Context, tool
from snakepit_worker.adapters.showcase.arrays import ArrayShowcase
from snakepit_worker.adapters.showcase.predicting import Model


class WrongVector(ArrayShowcase):
    """One element of each vector is another one."""

    @tool
    def create_embedding(self, text: str, dimensions: int = 256) -> Any:
        """Change the last element."""
        vector = super().create_embedding(text, dimensions).copy()
        vector[-1] += 1
        return vector


class WrongLanguage(ArrayShowcase):
    """The last text of each batch has another language."""

    @tool
    def predict_batch_with_embeddings(self, texts: list[str], ctx: Context, model: Model | None = None) -> Any:
        """Change the last label."""
        found: Any = super().predict_batch_with_embeddings(texts, ctx, model)
        found["labels"][-1] = "French" if found["labels"][-1] != "French" else "English"
        return found


class MixedVectors(ArrayShowcase):
    """The vectors of a batch are in another order than its texts."""

    @tool
    def predict_batch_with_embeddings(self, texts: list[str], ctx: Context, model: Model | None = None) -> Any:
        """Turn the vectors round."""
        found: Any = super().predict_batch_with_embeddings(texts, ctx, model)
        found["embeddings"] = found["embeddings"][::-1]
        return found


class NothingLearned(ArrayShowcase):
    """Every text is English."""

    @tool
    def predict(self, text: str, ctx: Context, model: Model | None = None) -> Any:
        """Do not look at the text."""
        return {"label": "English", "probabilities": {}}


class LostEpoch(ArrayShowcase):
    """The training ends too early."""

    @tool
    def train(
        self, texts: list[str], labels: list[str], epochs: int, engine: str, ctx: Context
    ) -> Iterator[dict[str, Any]]:
        """Yield one epoch less than asked."""
        yield from islice(super().train(ctx, texts, labels, epochs=epochs, engine=engine), epochs - 1)  # type: ignore[arg-type,misc]
