"""Tests that the showcase's vectors of texts are the same everywhere, and near for texts that are near."""

from __future__ import annotations

import math
import subprocess
import sys
import unittest

from snakepit_worker.adapters.showcase.arrays import ArrayShowcase
from snakepit_worker.adapters.showcase.embedding import Embedder
from snakepit_worker.adapters.showcase.samples import samples

_SENTENCES = [
    "The cat sleeps on the warm sofa in the living room.",
    "A cat is sleeping on the sofa of our living room.",
    "Interest rates of the central bank rose by two percent.",
    "The central bank has raised interest rates by a percent.",
]


class EmbeddingTexts(unittest.TestCase):
    def vectors(self, texts: list[str], dimensions: int = 256) -> list[list[float]]:
        embedder = Embedder(dimensions)
        return [embedder.embed(text).tolist() for text in texts]

    def test_a_vector_has_the_length_one_and_as_many_elements_as_wanted(self) -> None:
        for dimensions in (2, 3, 64, 1000):
            for vector in self.vectors(_SENTENCES, dimensions):
                self.assertEqual(len(vector), dimensions)
                self.assertAlmostEqual(math.hypot(*vector), 1, places=6)

    def test_a_text_has_the_same_vector_in_every_process(self) -> None:
        code = (
            "from snakepit_worker.adapters.showcase.embedding import Embedder\n"
            "print(Embedder(8).embed('Straße 漢字').tobytes().hex())"
        )
        told = {
            subprocess.run(
                [sys.executable, "-P", "-c", code], check=True, capture_output=True, timeout=60, env=environment
            ).stdout.decode()
            for environment in ({"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)} for seed in ("1", "2"))
        }
        self.assertEqual(told, {Embedder(8).embed("Straße 漢字").tobytes().hex() + "\n"})

    def test_each_text_is_nearest_to_the_one_with_the_same_subject(self) -> None:
        vectors = self.vectors(_SENTENCES)
        for index, partner in ((0, 1), (1, 0), (2, 3), (3, 2)):
            others = [number for number in range(4) if number != index]
            nearness = {number: sum(map(float.__mul__, vectors[index], vectors[number])) for number in others}
            self.assertEqual(max(others, key=nearness.__getitem__), partner)

    def test_paragraphs_are_nearest_to_paragraphs_of_their_language(self) -> None:
        known = samples()
        vectors = self.vectors(known["texts"])
        right = 0
        for index, vector in enumerate(vectors):
            nearness = [sum(map(float.__mul__, vector, other)) if other is not vector else -1 for other in vectors]
            right += known["labels"][nearness.index(max(nearness))] == known["labels"][index]
        self.assertGreater(right / len(vectors), 0.95)  # by chance it would be a quarter

    def test_case_and_punctuation_do_not_count(self) -> None:
        one, same, other = self.vectors(["Hello, World!", "hello world", "hello word"])
        self.assertEqual(one, same)
        self.assertNotEqual(one, other)

    def test_a_text_without_words_is_all_zeros(self) -> None:
        self.assertEqual(self.vectors(["", " ?! "], 3), [[0, 0, 0]] * 2)

    def test_the_number_of_dimensions_is_checked(self) -> None:
        for dimensions in (0, -1, 65_537):
            with self.assertRaisesRegex(ValueError, "an embedding has 1 to 65,536 dimensions"):
                Embedder(dimensions)

    def test_the_tool_returns_the_vector_as_an_array_of_float32(self) -> None:
        made = memoryview(ArrayShowcase().create_embedding("a b", 16))
        self.assertEqual((made.format, made.shape), ("f", (16,)))
        self.assertEqual(made.tolist(), self.vectors(["a b"], 16)[0])
