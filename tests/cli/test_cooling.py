"""A tiny search for a policy that cools a data hall, its page, its benchmark and its mistakes."""

import json
import os
import pathlib
import re
import shlex
import unittest

from support import ROOT, nas, nas_json, scratch

CONFIG = ROOT / "configs" / "cases" / "cooling.yaml"
PAGE = ROOT / "docs" / "cases" / "data_centre_cooling.md"
TINY = ["--set", "budget.trials=3", "--set", "evaluator.iterations=4", "--set",
        "evaluator.environments=8", "--set", "evaluator.steps=8", "--set",
        "evaluator.validation.every=26", "--set", "evaluator.test.every=26", "--set",
        "stages.retrain.iterations=4", "--set", "stages.retrain.seeds=2"]


# What makes the page's commands short.
SHORT = {"run": ["--quiet", *TINY],
         "bench": ["--set", "horizon=0", "--set", "steps=5", "--set", "repeats=1"]}


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
            self.check_exports(f"{folder}/run", folder)

    def check_exports(self, run, folder):
        """Of a policy: C that speaks of readings and actions, and no int8 and no pruning."""
        done = nas("export", run, "--format", "c", "--to", f"{folder}/c")
        self.assertEqual(done.returncode, 0, done.stderr)
        header = pathlib.Path(folder, "c", "network.h").read_text()
        self.assertIn("output: an action each", header)
        self.assertNotRegex(header, "pixels|classes")
        for command in (["export", run, "--int8", "--format", "c", "--to", f"{folder}/c4"],
                        ["prune", run, "--to", f"{folder}/p", "--set",
                         "stages.prune.multiply_adds=0.5"],
                        ["quantize", run, "--set", "stages.quantize.training.epochs=1"]):
            done = nas(*command)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("policies see none", done.stderr)

    def test_the_commands_of_the_page_run_one_after_the_other(self):
        text = "".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.S))
        commands = [shlex.split(line) for line in text.splitlines()]
        self.assertGreaterEqual(len(commands), 3)
        with scratch() as folder:
            os.symlink(ROOT / "configs", f"{folder}/configs")
            for program, *arguments in commands:
                self.assertEqual(program, "nas")
                with self.subTest(arguments=arguments):
                    done = nas(*arguments, *SHORT.get(arguments[0], []), cwd=folder)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_simulator_is_timed_and_its_controllers_compared(self):
        result = nas_json("bench", "cooling", "--set", "horizon=1", "--set", "steps=5", "--set",
                          "repeats=1", "--set", "every=52")
        self.assertGreater(result["steps_per_second"], 1000)
        found = result["controllers"]
        self.assertEqual(found["fixed"]["minutes_outside"], 0)
        self.assertGreater(found["trim_respond"]["saving_over_fixed"], 5)
        self.assertEqual(found["trim_respond"]["saving"], 0)
        self.assertIn("predictive", found)

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
