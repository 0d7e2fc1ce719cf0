"""Users' own tables from search to export, and the cases of docs/cases/tables.md."""

import csv
import importlib.util
import json
import os
import pathlib
import random
import shlex
import subprocess
import sys
import unittest

from support import DATA, NAS, ROOT, blocks_of, nas, read_safetensors, scratch, write

try:
    import numpy
    import onnxruntime
    sys.path.append(str(ROOT / "tools" / "peers"))
    import splits
    import tables
except ImportError:
    pass  # the tests that need them are skipped

SHORT = ["--set", "budget.trials=2", "--set", "evaluator.epochs=2", "--set",
         "stages.retrain.seeds=2", "--workers", "1", "--quiet"]
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

    def test_a_table_in_another_encoding_is_refused_at_the_start(self):
        with scratch() as folder:
            generated_table(folder)
            config = write(f"{folder}/c.yaml", CONFIG)
            table = pathlib.Path(folder, "rare.csv")
            plain = table.read_bytes()
            for was, now, place in ((b"country", b"gr\xf6\xdfe", "1:16"), (b"FR", b"\xd6s", None),
                                    (b"no,", b"n\xf6,", None)):
                with self.subTest(now=now):
                    table.write_bytes(plain.replace(was, now))
                    done = nas("run", config, "--out", f"{folder}/run", "--workers", "1")
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(f"rare.csv:{place or ''}", done.stderr)
                    self.assertIn("expected text in UTF-8", done.stderr)

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


JUDGED = CONFIG.replace("class_weights: balanced", """precision_at_recall: 0.7, validation_folds: 3,
  threshold: cost, cost_matrix: ["0 1", "9 0"], calibrate: true, focal_gamma: 2""")


@unittest.skipUnless(all(map(importlib.util.find_spec, ("sklearn", "onnxruntime"))),
                     "no scikit-learn or ONNX Runtime")
class Judged(unittest.TestCase):
    def test_metrics_of_the_test_data_are_those_that_scikit_learn_finds_for_the_exported_network(self):
        with scratch() as folder:
            generated_table(folder)
            config, run = write(f"{folder}/c.yaml", JUDGED), pathlib.Path(folder, "run")
            for command in (("run", config, "--out", run, "--workers", "1"),
                            ("export", run, "--format", "onnx", "--to", f"{folder}/n.onnx")):
                done = nas(*command)
                self.assertEqual(done.returncode, 0, done.stderr)
            best = json.loads((run / "best" / "metrics.json").read_text())
            ours = best["retrain"][0]["metrics"]
            labels, probabilities, facts = outputs_for_test_data(folder)
            costs = [[0, 1], [9, 0]]
            found = tables.score(labels, probabilities, costs, 0.7)
            found |= tables.score_at(float(facts["threshold"]), labels, probabilities[:, 1], costs)
            for name, value in found.items():
                self.assertAlmostEqual(ours[f"test_{name}"], value, 3, name)
            self.assertAlmostEqual(ours["temperature"], float(facts["temperature"]))
            self.assertNotEqual(ours["temperature"], 1)


def outputs_for_test_data(folder):
    """Labels, and the probabilities that ONNX Runtime and the network's own facts give; the facts."""
    with open(pathlib.Path(folder, "rare.csv"), newline="") as file:
        rows = list(csv.reader(file))[1:]
    labels = [int(row[0] == "yes") for row in rows]
    test, _ = splits.test_and_rest(labels, 0)
    session = onnxruntime.InferenceSession(f"{folder}/n.onnx")
    facts = session.get_modelmeta().custom_metadata_map
    lists = [json.loads(facts[name]) for name in ("features", "mean", "deviation", "missing")]

    def value(row, name, missing):
        column, _, code = name.partition("=")
        cell = row[["fraud", "amount", "country", "constant"].index(column)]
        return float(cell == code) if code else float(cell or missing)
    inputs = [[(value(rows[i], name, missing) - mean) / deviation
               for name, mean, deviation, missing in zip(*lists)] for i in test]
    given = session.get_inputs()[0].name
    outputs = numpy.concatenate([session.run(None, {given: numpy.array(row, numpy.float32).reshape(
        [1, -1, 1, 1])})[0] for row in inputs]).astype(float) / float(facts["temperature"])
    shares = numpy.exp(outputs - outputs.max(1, keepdims=True))
    return numpy.array(labels)[test], shares / shares.sum(1, keepdims=True), facts


@unittest.skipUnless((DATA / "tabular").exists(), f"no tables in {DATA}")
class Cases(unittest.TestCase):
    def test_the_commands_of_the_page_run_shortened(self):
        blocks = blocks_of("docs/cases/tables.md", "sh")
        self.assertGreaterEqual(len(blocks), 3)
        with scratch() as folder:
            for name in ("configs", "tools"):
                pathlib.Path(folder, name).symlink_to(ROOT / name)
            for block in blocks:
                with self.subTest(block=block):
                    done = subprocess.run(["bash", "-ec", shortened(block)], cwd=folder, text=True,
                                          capture_output=True, timeout=1200,
                                          env={**os.environ, "NAS_DATA": str(DATA)})
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.check_runs(pathlib.Path(folder, "runs"))

    def check_runs(self, runs):
        found = {"sensitivity_at_threshold", "specificity_at_threshold"}
        for run, extra in (("medical", set()), ("medical-fold-0", found), ("fraud", set()),
                           ("credit", {"expected_cost"}),
                           ("credit-fold-0", found | {"expected_cost", "cost_at_threshold"})):
            best = json.loads((runs / run / "best" / "metrics.json").read_text())
            self.assertLessEqual({f"test_{name}" for name in DECISIONS | extra}, set(best["mean"]))
            self.assertEqual(len(best["retrain"]), 2)
            self.assertEqual("temperature" in best["mean"], "fold" in run)
        self.assertIn("test_precision_at_recall",
                      json.loads((runs / "fraud/best/metrics.json").read_text())["mean"])


def shortened(block):
    """Commands of the page with two trials a search."""
    block = block.replace("--rows 100000", "--rows 4000")
    return f"nas() {{ {shlex.quote(NAS)} \"$@\" {' '.join(SHORT)}; }}\n" + block


if __name__ == "__main__":
    unittest.main()
