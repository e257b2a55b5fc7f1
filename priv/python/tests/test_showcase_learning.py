"""Tests that the showcase's model learns what it should, with numpy alone, and with scikit-learn if it is installed."""

from __future__ import annotations

import importlib.util
import sys
import unittest
from itertools import islice
from typing import Any
from unittest import mock

from snakepit_worker import Context, Session
from snakepit_worker.adapters.showcase import softmax, solver
from snakepit_worker.adapters.showcase.arrays import ArrayShowcase
from snakepit_worker.adapters.showcase.preparing import folds_of
from snakepit_worker.adapters.showcase.softmax import Parameters

from .attached_values import needs_numpy, np

_HAS_SKLEARN = importlib.util.find_spec("sklearn") is not None
_ENGINES: Any = ("numpy", "sklearn") if _HAS_SKLEARN else ("numpy",)
_NEW_TEXTS = {
    "The weather is nice today and the children are playing in the garden with their friends.": "English",
    "Il fait beau aujourd'hui et les enfants jouent dans le jardin avec leurs amis.": "French",
    "Hoy hace buen tiempo y los niños están jugando en el jardín con sus amigos.": "Spanish",
    "Сегодня хорошая погода, и наши дети играют в саду.": "Russian",
}


def in_session() -> Context:
    return Context(1, 1, 0, None, Session("a", {}, True))


@needs_numpy
class Preparing(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ArrayShowcase()

    def test_the_sample_texts_are_real_and_balanced(self) -> None:
        found = self.tools.load_sample_data()
        self.assertEqual(found["classes"], ["English", "French", "Russian", "Spanish"])
        self.assertEqual([found["labels"].count(name) for name in found["classes"]], [58] * 4)
        self.assertEqual((len(found["texts"]), len(set(found["texts"]))), (232, 232))
        self.assertIn("Everyone has the right to freedom of peaceful assembly and association.", found["texts"])
        self.assertEqual(found["licence"], "public domain")

    def test_features_are_standardised_by_the_texts_that_are_learned_from(self) -> None:
        found = self.tools.preprocess(dimensions=64)
        self.assertEqual((found["features"].shape, found["held_out_features"].shape), ((176, 64), (56, 64)))
        self.assertLess(abs(found["features"].mean(axis=0)).max(), 1e-12)
        self.assertLess(abs(found["features"].std(axis=0) - 1).max(), 1e-12)
        self.assertEqual(np.bincount(found["labels"]).tolist(), [44] * 4)
        self.assertEqual(np.bincount(found["held_out_labels"]).tolist(), [14] * 4)

    def test_no_text_is_both_learned_from_and_held_out(self) -> None:
        texts = [f"{letter * 4} word" for letter in "abcdefghijklmnopqrst"]
        found = self.tools.preprocess(texts, ["even", "odd"] * 10, dimensions=512, held_out=0.5, seed=3)
        rows = np.concatenate([found["features"], found["held_out_features"]]) * found["scale"] + found["mean"]
        expected = [self.tools.create_embedding(text, 512).tolist() for text in texts]
        self.assertEqual(sorted(np.round(rows, 5).tolist()), sorted(np.round(expected, 5).tolist()))

    def test_a_column_without_differences_becomes_zeros(self) -> None:
        found = self.tools.preprocess(["same"] * 4, ["a", "b"] * 2, dimensions=8, held_out=0.5)
        self.assertEqual(found["features"].tolist(), np.zeros((2, 8)).tolist())

    def test_folds_are_balanced_and_depend_on_the_seed(self) -> None:
        labels = np.array([0] * 10 + [1] * 13)
        folds = folds_of(labels, 4, 1)
        self.assertEqual(sorted(np.bincount(folds).tolist()), [5, 6, 6, 6])
        for number in (0, 1):
            counts = np.bincount(folds[labels == number], minlength=4)
            self.assertLessEqual(counts.max() - counts.min(), 1)
        self.assertEqual(folds.tolist(), folds_of(labels, 4, 1).tolist())
        self.assertNotEqual(folds.tolist(), folds_of(labels, 4, 2).tolist())


@needs_numpy
class Fitting(unittest.TestCase):
    def setUp(self) -> None:
        random = np.random.default_rng(4)
        self.features, self.labels = random.normal(size=(40, 5)), random.integers(0, 3, 40)
        self.parameters = Parameters(random.normal(size=(5, 3)), random.normal(size=3))

    def test_probabilities_are_those_of_the_formula(self) -> None:
        found = softmax.probabilities(self.parameters, self.features)
        powers = np.exp(self.features @ self.parameters.weights + self.parameters.bias)
        self.assertLess(abs(found - powers / powers.sum(axis=1, keepdims=True)).max(), 1e-12)
        large = softmax.probabilities(Parameters(np.array([[1e4, -1e4]]), np.zeros(2)), np.array([[1.0]]))
        self.assertEqual(large.tolist(), [[1.0, 0.0]])

    def test_a_step_goes_down_the_slope_of_the_loss(self) -> None:
        # With one batch, the first step from 0 is the rate times the gradient, which differences of the loss tell too.
        features, labels, step = self.features[:16], self.labels[:16], 1e-6
        after = next(softmax.descend(features, labels, 3, rate=0.5, penalty=0.1, seed=0))
        for row, column in ((0, 0), (3, 1), (4, 2)):
            weights = np.zeros((5, 3))
            weights[row, column] = step
            above, below = (
                softmax.loss(Parameters(sign * weights, np.zeros(3)), features, labels, 0.1) for sign in (1, -1)
            )
            self.assertAlmostEqual(after.weights[row, column], -0.5 * (above - below) / (2 * step), places=6)

    def test_both_engines_find_the_same_minimum(self) -> None:
        *_, own = islice(softmax.descend(self.features, self.labels, 3, rate=0.01, penalty=0.1, seed=0), 500)
        found = softmax.loss(own, self.features, self.labels, 0.1)
        for moved in np.random.default_rng(1).normal(scale=0.1, size=(20, 5, 3)):
            near = softmax.loss(Parameters(own.weights + moved, own.bias), self.features, self.labels, 0.1)
            self.assertGreater(near, found)
        if _HAS_SKLEARN:
            *_, other = islice(solver.solve(self.features, self.labels, 3, penalty=0.1), 100)
            self.assertAlmostEqual(softmax.loss(other, self.features, self.labels, 0.1), found, places=3)
            self.assertLess(abs(other.weights - own.weights).max(), 0.03)


@needs_numpy
class Learning(unittest.TestCase):
    def setUp(self) -> None:
        self.tools = ArrayShowcase()

    def test_a_model_learns_to_tell_languages(self) -> None:
        for engine in _ENGINES:
            with self.subTest(engine):
                epochs = list(self.tools.train(in_session(), engine=engine))
                self.assertEqual([epoch["epoch"] for epoch in epochs], list(range(1, 21)))
                self.assertEqual({(epoch["epochs"], epoch["engine"]) for epoch in epochs}, {(20, engine)})
                self.assertLess(epochs[-1]["loss"], epochs[0]["loss"] / 2)
                self.assertGreaterEqual(epochs[-1]["accuracy"], 0.99)
                self.assertGreaterEqual(epochs[-1]["held_out_accuracy"], 0.95)  # by chance it would be a quarter

    def test_a_model_that_cannot_know_is_no_better_than_chance(self) -> None:
        known = self.tools.load_sample_data()
        random = np.random.default_rng(1)
        *_, last = self.tools.train(
            in_session(), known["texts"], random.permutation(known["labels"]).tolist(), engine="numpy"
        )
        self.assertLess(last["held_out_accuracy"], 0.5)

    def test_cross_validation_agrees_with_the_texts_held_out(self) -> None:
        for engine in _ENGINES:
            with self.subTest(engine):
                found = self.tools.cross_validate(folds=4, engine=engine)
                self.assertEqual((len(found["accuracies"]), found["engine"]), (4, engine))
                self.assertGreaterEqual(min(found["accuracies"]), 0.9)
                self.assertGreaterEqual(found["mean"], 0.95)
                self.assertAlmostEqual(found["mean"], sum(found["accuracies"]) / 4)

    def test_the_same_seed_gives_the_same_numbers(self) -> None:
        for engine in _ENGINES:
            runs = [list(self.tools.train(in_session(), epochs=3, seed=seed, engine=engine)) for seed in (5, 5, 6)]
            self.assertEqual(runs[0], runs[1])
            self.assertNotEqual(runs[0], runs[2])

    def test_two_classes_are_enough(self) -> None:
        known = self.tools.load_sample_data()
        labels = ["Cyrillic" if label == "Russian" else "Latin" for label in known["labels"]]
        for engine in _ENGINES:
            ctx = in_session()
            *_, last = self.tools.train(ctx, known["texts"], labels, engine=engine)
            self.assertEqual(last["held_out_accuracy"], 1)
            found = self.tools.predict("Каждый имеет право на мир", ctx)
            self.assertEqual((found["label"], set(found["probabilities"])), ("Cyrillic", {"Cyrillic", "Latin"}))

    def test_new_texts_are_told_by_the_model_of_the_session_and_by_a_model_that_is_given(self) -> None:
        for engine in _ENGINES:
            ctx = in_session()
            *_, last = self.tools.train(ctx, engine=engine)
            self.assertGreater(last["accuracy"], 0)
            for text, language in _NEW_TEXTS.items():
                found = self.tools.predict(text, ctx)
                self.assertEqual(found["label"], language)
                self.assertAlmostEqual(sum(found["probabilities"].values()), 1)
                elsewhere = self.tools.predict(text, Context(2, 1, 0), self.tools.get_model(ctx))
                self.assertEqual(elsewhere, found)

    def test_many_texts_are_told_at_once_with_their_vectors(self) -> None:
        ctx = in_session()
        list(self.tools.train(ctx, engine="numpy"))
        found = self.tools.predict_batch_with_embeddings(list(_NEW_TEXTS), ctx)
        self.assertEqual(found["labels"], list(_NEW_TEXTS.values()))
        self.assertEqual((found["probabilities"].shape, found["embeddings"].shape), ((4, 4), (4, 256)))
        for row, text in enumerate(_NEW_TEXTS):
            self.assertEqual(found["embeddings"][row].tolist(), self.tools.create_embedding(text).tolist())
            alone = list(self.tools.predict(text, ctx)["probabilities"].values())
            self.assertLess(abs(found["probabilities"][row] - alone).max(), 1e-9)
        self.assertEqual(self.tools.predict_batch_with_embeddings([], ctx)["embeddings"].shape, (0, 256))

    def test_a_caller_that_stops_keeps_the_model_so_far(self) -> None:
        ctx = in_session()
        stream: Any = self.tools.train(ctx, engine="numpy")
        next(stream)
        stream.close()
        self.assertEqual(self.tools.get_model(ctx)["weights"].shape, (256, 4))

    def test_what_cannot_be_learned_from_is_refused(self) -> None:
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"texts": ["a"]}, "one label for each text, not 0 for 1 texts"),
            ({"texts": ["a", "b"], "labels": ["a"]}, "one label for each text, not 1 for 2 texts"),
            ({"texts": ["a", "b"], "labels": ["a", "a"]}, "at least two classes apart, and the labels name 1"),
            ({"texts": [], "labels": []}, "the labels name 0"),
            ({"dimensions": 0}, "1 to 65,536 dimensions"),
            ({"seed": -1}, "a seed is 0 or more"),
            ({"epochs": 0}, "a number of epochs is 1 to 10,000, not 0"),
            ({"rate": float("nan")}, "a rate is more than 0 and finite, not nan"),
            ({"penalty": 0}, "a penalty is more than 0 and finite, not 0"),
        ]
        for arguments, fault in wrong:
            with self.subTest(fault), self.assertRaisesRegex(ValueError, fault):
                next(self.tools.train(in_session(), **arguments))
            with self.subTest(fault), self.assertRaisesRegex(ValueError, fault):
                self.tools.cross_validate(**arguments)
        for share in (0, 1, -0.5, float("nan"), 0.001):
            with self.subTest(share), self.assertRaisesRegex(ValueError, "leaves none of them to learn from, or holds"):
                self.tools.preprocess(held_out=share)
        for folds in (1, 59):
            with self.subTest(folds), self.assertRaisesRegex(ValueError, f"is 2 to 58, .*, not {folds}"):
                self.tools.cross_validate(folds=folds)

    def test_a_call_without_a_model_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "open one with OpenSession"):
            next(self.tools.train(Context(1, 1, 0)))
        with self.assertRaisesRegex(ValueError, "call train in it first, or give a model"):
            self.tools.predict("a", in_session())
        ctx = in_session()
        list(self.tools.train(ctx, epochs=1, engine="numpy"))
        model = self.tools.get_model(ctx)
        model["bias"] = model["bias"][:3]
        with self.assertRaisesRegex(ValueError, "of a model with 4 classes have the shapes"):
            self.tools.predict("a", Context(1, 1, 0), model)

    def test_without_scikit_learn_its_engine_is_refused_and_auto_is_numpy(self) -> None:
        with mock.patch.dict(sys.modules, {"sklearn": None, "sklearn.linear_model": None}):
            with self.assertRaisesRegex(ModuleNotFoundError, "pip install scikit-learn"):
                next(self.tools.train(in_session(), engine="sklearn"))
            self.assertEqual(next(self.tools.train(in_session()))["engine"], "numpy")
