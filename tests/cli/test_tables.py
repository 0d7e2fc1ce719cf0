"""Users' own tables from search to export, and the cases of docs/cases/tables.md."""

import csv
import json
import os
import pathlib
import random
import unittest

from support import DATA, ROOT, nas, read_safetensors, scratch, write

SHORT = ["--set", "budget.trials=2", "--set", "evaluator.epochs=2", "--set",
         "stages.retrain.seeds=2", "--workers", "1"]
DECISIONS = {"balanced_accuracy", "roc_auc", "average_precision", "brier", "calibration_error",
             "sensitivity_at_95_specificity"}
CONFIG = """
experiment: {name: rare, seed: 1}
data: {dataset: csv, path: rare.csv, label: fraud, positive: "yes"}
space: {type: mlp, layers: [1], widths: [8]}
controller: {type: random}
evaluator: {type: train, epochs: 4, class_weights: balanced, optimizer: {type: adamw}}
objectives: [{metric: validation_average_precision, goal: maximize}]
budget: {trials: 2}
stages: {retrain: {seeds: 2}}
"""


def generated_table(folder):
    """A generated set: one payment in ten is fraud, with larger amounts; some cells are missing."""
    draw = random.Random(0)
    with open(pathlib.Path(folder, "rare.csv"), "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["fraud", "amount", "country", "constant"])
        for i in range(400):
            fraud = i % 10 == 0
            amount = "" if i % 17 == 0 else f"{draw.gauss(60 if fraud else 40, 8):.2f}"
            rows.writerow(["yes" if fraud else "no", amount, draw.choice(["DE", "FR", "?"]), 5])


class Tables(unittest.TestCase):
    def test_a_table_is_searched_retrained_and_exported(self):
        with scratch() as folder:
            generated_table(folder)
            config = write(f"{folder}/c.yaml", CONFIG)
            run = pathlib.Path(folder, "run")
            done = nas("run", config, "--out", run, "--workers", "1")
            self.assertEqual(done.returncode, 0, done.stderr)
            metrics = json.loads((run / "best" / "metrics.json").read_text())
            self.assertLessEqual({f"test_{name}" for name in DECISIONS}, set(metrics["mean"]))
            self.assertGreater(metrics["mean"]["test_roc_auc"], 0.8)
            _, metadata = read_safetensors(run / "best" / "weights.safetensors")
            self.assertEqual(json.loads(metadata["features"]),
                             ["amount", "country=DE", "country=FR", "constant"])
            self.assertEqual(json.loads(metadata["classes"]), ["no", "yes"])
            mean, deviation = json.loads(metadata["mean"]), json.loads(metadata["deviation"])
            self.assertTrue(38 < mean[0] < 46 and 6 < deviation[0] < 14, (mean, deviation))
            self.assertEqual((mean[1:], deviation[1:]), ([0, 0, 5], [1, 1, 1]))
            self.assertTrue(38 < json.loads(metadata["missing"])[0] < 46)
            done = nas("export", run, "--format", "c", "--to", f"{folder}/c")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("pixels", next(pathlib.Path(folder, "c").glob("*.h")).read_text())

    def test_a_table_cannot_be_augmented(self):
        with scratch() as folder:
            generated_table(folder)
            done = nas("run", write(f"{folder}/c.yaml", CONFIG), "--out", f"{folder}/run",
                       "--set", "evaluator.augment.flip=true", "--workers", "1")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("trial 0 failed: error: augment", done.stderr)
            self.assertIn("only pictures can be augmented", done.stderr)

    def test_costs_of_another_number_of_classes_are_refused(self):
        with scratch() as folder:
            generated_table(folder)
            config = write(f"{folder}/c.yaml", CONFIG)
            for status, costs, said in (
                    (2, '["0 1", "5"]', "found 1 costs in '5'"),
                    (2, '["0 -1", "5 0"]', "expected costs of 0 or more"),
                    (1, '["0 1 1", "1 0 1", "1 1 0"]', "found 3 rows, expected one for each")):
                with self.subTest(costs=costs):
                    done = nas("run", config, "--out", f"{folder}/run{len(said)}", "--workers", "1",
                               "--set", f"evaluator.cost_matrix={costs}")
                    self.assertEqual(done.returncode, status, done.stderr)
                    self.assertIn(said, done.stderr)


@unittest.skipUnless((DATA / "tabular").exists(), f"no tables in {DATA}")
class Cases(unittest.TestCase):
    def test_each_case_runs_and_tells_its_decisions(self):
        for case, extra in (("medical", set()), ("credit", {"expected_cost"})):
            with self.subTest(case=case), scratch() as folder:
                done = nas("run", ROOT / "configs" / "cases" / f"{case}.yaml", "--out",
                           f"{folder}/run", *SHORT, env={**os.environ, "NAS_DATA": str(DATA)})
                self.assertEqual(done.returncode, 0, done.stderr)
                best = json.loads(pathlib.Path(folder, "run/best/metrics.json").read_text())
                self.assertLessEqual({f"test_{name}" for name in DECISIONS | extra},
                                     set(best["mean"]))
                self.assertEqual(len(best["retrain"]), 2)


if __name__ == "__main__":
    unittest.main()
