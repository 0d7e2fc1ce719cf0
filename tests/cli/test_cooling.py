"""A tiny search for a policy that cools a data hall: run, interrupted, resumed, and its mistakes."""

import json
import pathlib
import unittest

from support import ROOT, nas, nas_json, scratch

CONFIG = ROOT / "configs" / "cases" / "cooling.yaml"
TINY = ["--set", "budget.trials=3", "--set", "evaluator.iterations=4", "--set",
        "evaluator.environments=8", "--set", "evaluator.steps=8", "--set",
        "evaluator.validation.every=26", "--set", "evaluator.test.every=26", "--set",
        "stages.retrain.iterations=4", "--set", "stages.retrain.seeds=2"]


class Cooling(unittest.TestCase):
    def test_a_search_is_scored_retrained_and_tested(self):
        with scratch() as folder:
            done = nas("run", CONFIG, "--out", f"{folder}/run", "--quiet", *TINY)
            self.assertEqual(done.returncode, 0, done.stderr)
            trials = nas_json("trials", f"{folder}/run")
            self.assertEqual([trial["state"] for trial in trials], ["complete"] * 3)
            for trial in trials:
                metrics = trial["metrics"]
                self.assertGreater(metrics["validation_cooling_energy"], 1000)
                self.assertAlmostEqual(metrics["validation_score"], metrics["validation_saving"]
                                       - metrics["validation_minutes_over"], delta=1e-9)
                self.assertFalse([name for name in metrics if name.startswith("test_")])
            best = json.loads(pathlib.Path(folder, "run", "best", "metrics.json").read_text())
            self.assertEqual(len(best["retrain"]), 2)
            self.assertIn("test_saving", best["mean"])
            self.assertTrue(pathlib.Path(folder, "run", "best", "weights.safetensors").exists())

    def test_mistakes_are_named(self):
        for override, expected in ((["evaluator.test.sites=[new_york]", "evaluator.test.first=1"], "week"),
                                   (["evaluator.discount=2"], "discount"),
                                   (["stages.quantize={}"], "polic")):
            with self.subTest(override=override), scratch() as folder:
                arguments = [word for text in override for word in ("--set", text)]
                done = nas("run", CONFIG, "--out", f"{folder}/run", "--quiet", *arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(expected, done.stderr)


if __name__ == "__main__":
    unittest.main()
