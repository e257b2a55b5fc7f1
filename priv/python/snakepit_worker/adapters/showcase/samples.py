"""Real texts to learn from: the Universal Declaration of Human Rights in four languages.

``data/README.md`` tells where they come from.
"""

from __future__ import annotations

import os
from typing import TypedDict

_FILE = os.path.join(os.path.dirname(__file__), "data", "declaration.tsv")


class Samples(TypedDict):
    """Texts, each with the class that it belongs to.

    Attributes:
        classes: The names of the classes, each once, in alphabetical order.
        texts: The texts.
        labels: The class of each text.
        source: Where the texts come from.
        licence: Under which terms they may be used.
    """

    classes: list[str]
    texts: list[str]
    labels: list[str]
    source: str
    licence: str


def samples() -> Samples:
    """Return the 232 paragraphs of the declaration, 58 in each language; a paragraph's class is its language."""
    with open(_FILE, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    labels = [language for language, _, _ in rows]
    return {
        "classes": sorted(set(labels)),
        "texts": [text for _, _, text in rows],
        "labels": labels,
        "source": "Universal Declaration of Human Rights, United Nations, 1948",
        "licence": "public domain",
    }
