"""tools/compare_peers: its functions have the minima that it subtracts, its ranks are right, and
where a peer is missing it says what to install."""

import importlib.machinery
import importlib.util
import subprocess
import sys
import unittest

from support import ROOT

SCRIPT = ROOT / "tools" / "compare_peers"
loader = importlib.machinery.SourceFileLoader("compare_peers", str(SCRIPT))
compare_peers = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("compare_peers", loader))
loader.exec_module(compare_peers)
PROBLEMS = compare_peers.hpo_problems.PROBLEMS

BEST = {
    "branin": {"x": 3.141592653589793, "y": 2.275},
    "hartmann3": {"x0": .114614, "x1": .555649, "x2": .852547},
    "hartmann6": {"x0": .20169, "x1": .150011, "x2": .476874, "x3": .275332, "x4": .311652,
                  "x5": .6573},
    "ackley5": {f"x{i}": 0 for i in range(5)},
    "levy4": {f"x{i}": 1 for i in range(4)},
    "rosenbrock4": {f"x{i}": 1 for i in range(4)},
    "six_hump_camel": {"x": .0898420, "y": -.7126564},
    "styblinski_tang5": {f"x{i}": -2.903534 for i in range(5)},
    "griewank4": {f"x{i}": 0 for i in range(4)},
    "rastrigin3": {f"x{i}": 0 for i in range(3)},
    "ellipsoid8": {f"x{i}": .8 for i in range(8)},
    "training": {"rate": 1e-3, "decay": 1e-4, "width": 128, "depth": 6, "optimizer": 1},
    "conditional_optimizer": {"optimizer": "adam", "rate": 1e-3, "beta": 1e-2, "dropout": .2},
    "conditional_layers": {"layers": 3, "width1": 128, "width2": 64, "width3": 32, "dropout": .3},
    "ordered": {"batch": 2, "kernel": 1, "activation": 1, "norm": 1, "rate": 10 ** -2.4},
    "categories": {"a": 4, "b": 2, "c": 0, "d": 3, "e": 1, "f": 4},
    "mixed_rosenbrock": {"x0": 1, "x1": 4, "x2": 1, "x3": 4},
}


class Chosen:
    """A trial whose parameters are given, and in their ranges."""

    def __init__(self, test, values):
        self.test, self.values = test, dict(values)

    def suggest_float(self, name, low, high, log=False):
        value = self.values.pop(name)
        self.test.assertLessEqual(low, value)
        self.test.assertLessEqual(value, high)
        return value

    suggest_int = suggest_float

    def suggest_categorical(self, name, options):
        self.test.assertIn(self.values[name], options)
        return self.values.pop(name)


class Problems(unittest.TestCase):
    def test_each_has_its_least_value_where_it_is_known_to_be(self):
        for name, (function, least, noise) in PROBLEMS.items():
            with self.subTest(name):
                base = name.removeprefix("noisy_")
                trial = Chosen(self, BEST[base])
                self.assertAlmostEqual(function(trial), least, delta=1e-5)
                self.assertFalse(trial.values, "not all parameters were asked for")
                self.assertEqual(noise > 0, name != base)


class Ranks(unittest.TestCase):
    def test_equals_share_a_rank_and_tiny_regrets_are_equal(self):
        ranks = compare_peers.ranks_of({"a": 3, "b": 1e-9, "c": 2, "d": 1e-8})
        self.assertEqual(ranks, {"a": 4, "b": 1.5, "c": 3, "d": 1.5})


class Missing(unittest.TestCase):
    def test_without_the_peer_it_says_what_to_install(self):
        done = subprocess.run([sys.executable, "-S", "-E", SCRIPT, "hpo", "--problems", "branin"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("pip install optuna", done.stderr)


if __name__ == "__main__":
    unittest.main()
