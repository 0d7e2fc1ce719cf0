"""Latency, peak memory and energy of candidates: measured, predicted from a table, constrained."""

import json
import pathlib
import unittest

from support import ROOT, nas, nas_json, scratch, write

CELL = "|nor_conv_3x3~0|+|none~0|nor_conv_1x1~1|+|skip_connect~0|none~1|avg_pool_3x3~2|"
CONFIG = """\
experiment: {{name: hardware, seed: 3}}
data: {{dataset: digits, limit: 300}}
space: {{type: nas_bench_201, channels: 4, cells_per_stage: 1}}
controller: {{type: random}}
evaluator: {{type: train, epochs: 1}}
objectives: [{{metric: validation_accuracy}}{objective}]
budget: {{trials: {trials}}}
workers: 1
hardware: {{warmup: 1, runs: 3{hardware}}}
{more}
"""


def config(folder, objective="", hardware="", more="", trials=4):
    return write(f"{folder}/c.yaml", CONFIG.format(objective=objective, hardware=hardware, more=more,
                                                   trials=trials))


def table_of(folder):
    """A table of the space's layers, and its parsed content."""
    file = pathlib.Path(folder, "t.json")
    nas_json("bench", "latency-table", config(folder), "--to", file)
    return file, json.loads(file.read_text())


class Hardware(unittest.TestCase):
    def trials_of(self, folder, file):
        done = nas("run", file, "--out", f"{folder}/run")
        self.assertEqual(done.returncode, 0, done.stderr)
        return nas_json("trials", f"{folder}/run")

    def test_latency_is_an_objective_and_peak_memory_comes_with_it_where_asked_for(self):
        with scratch() as folder:
            file = config(folder, ", {metric: latency, goal: minimize}", ", metrics: [peak_memory]")
            for trial in self.trials_of(folder, file):
                self.assertGreater(trial["metrics"]["latency"], 0)
                self.assertLess(trial["metrics"]["latency"], 10)
                self.assertGreater(trial["metrics"]["peak_memory"], 4 * 8 * 8 * 4)
                self.assertNotIn("energy", trial["metrics"])
            self.assertIsInstance(nas_json("best", f"{folder}/run"), list)

    def test_nothing_is_measured_that_nobody_asked_for(self):
        with scratch() as folder:
            for trial in self.trials_of(folder, config(folder, trials=1)):
                self.assertFalse({"latency", "peak_memory", "energy"} & trial["metrics"].keys())

    def test_a_table_search_has_measured_memory_too(self):
        with scratch() as folder:
            write(f"{folder}/table.json", json.dumps([{"arch": CELL, "accuracy": 50}]))
            write(f"{folder}/c.yaml", "space: {type: nas_bench_201, channels: 4, cells_per_stage: 1}\n"
                  "controller: {type: random}\nevaluator: {type: table, path: table.json}\n"
                  "objectives: [{metric: accuracy}]\nbudget: {trials: 3}\nworkers: 1\n"
                  "constraints: [peak_memory <= 1B]\n")
            done = nas("run", f"{folder}/c.yaml", "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 1)
            for trial in nas_json("trials", f"{folder}/run"):
                self.assertEqual(trial["error"]["kind"], "constraint")
                self.assertRegex(trial["error"]["reason"], r"peak_memory: found \d+, expected at most 1")

    def test_a_tables_own_latency_is_taken_as_it_is(self):
        with scratch() as folder:
            write(f"{folder}/table.json", json.dumps([{"arch": CELL, "accuracy": 50, "latency": 7}]))
            write(f"{folder}/c.yaml", "space: {type: nas_bench_201}\ncontroller: {type: grid}\n"
                  "evaluator: {type: table, path: table.json}\nbudget: {trials: 15625}\n"
                  "objectives: [{metric: accuracy}, {metric: latency, goal: minimize}]\n")
            done = nas("run", f"{folder}/c.yaml", "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 0, done.stderr)
            (best,) = nas_json("best", f"{folder}/run")
            self.assertEqual(best["metrics"]["latency"], 7)

    def test_a_table_predicts_the_same_latency_each_time_and_rejects_before_training(self):
        with scratch() as folder:
            file, table = table_of(folder)
            for key in ("device", "versions", "threads", "batch_size", "entries"):
                self.assertIn(key, table)
            for i, entry in enumerate(table["entries"]):  # figures that no device has a say in
                entry["seconds"] = 1e-3 * (1 + i % 7)
            file.write_text(json.dumps(table))
            limit = table["overhead"] + 0.200
            more = f"constraints: [latency <= {limit}s]"
            trials = self.trials_of(folder, config(folder, "", f", table: {file}", more, 12))
            rejected = [t for t in trials if t["state"] == "failed"]
            kept = [t for t in trials if t["state"] == "complete"]
            self.assertTrue(rejected and kept, trials)
            for trial in rejected:
                self.assertEqual(trial["error"]["kind"], "constraint")
                self.assertFalse(list(pathlib.Path(folder, "run", "checkpoints").glob(
                    f"trial-{trial['number']:06}/*")))  # no training has left anything
            for trial in kept:
                self.assertLessEqual(trial["metrics"]["latency"], limit)
            again = nas("run", f"{folder}/c.yaml", "--out", f"{folder}/again")
            self.assertEqual(again.returncode, 0, again.stderr)
            metrics = [t["metrics"] for t in trials]
            self.assertEqual(metrics, [t["metrics"] for t in nas_json("trials", f"{folder}/again")])

    def test_a_table_that_lacks_a_layer_names_it(self):
        with scratch() as folder:
            file, table = table_of(folder)
            table["entries"] = [e for e in table["entries"] if not e["layer"].startswith("linear")]
            file.write_text(json.dumps(table))
            done = nas("run", config(folder, ", {metric: latency}", f", table: {file}"), "--out",
                       f"{folder}/run")
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"no entry for linear 16 to 10, bias on 16x1x1")

    def test_proxyless_has_a_price_on_latency(self):
        with scratch() as folder:
            text = (ROOT / "configs" / "digits" / "proxyless.yaml").read_text()
            text = text.replace("of: multiply_adds", "of: latency, table: t.json")
            text = text.replace("epochs: 16", "epochs: 2").replace("warmup: 4", "warmup: 1")
            text = text.replace("channels: 8, cells: 3", "channels: 4, cells: 2, nodes: 2")
            text = text.replace("epochs: 8", "epochs: 1").split("stages:")[0]
            file = write(f"{folder}/p.yaml", text.replace("{dataset: digits}",
                                                          "{dataset: digits, limit: 300}"))
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertIn("controller.cost.table", done.stderr)
            nas_json("bench", "latency-table", file, "--to", f"{folder}/t.json", "--set",
                     "hardware.runs=2", "--set", "hardware.warmup=0")
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_energy_is_measured_or_said_to_be_out_of_reach(self):
        with scratch() as folder:
            done = nas("run", config(folder, ", {metric: energy, goal: minimize}", trials=1), "--out",
                       f"{folder}/run", "--device", "cpu")
            if done.returncode == 0:
                (trial,) = nas_json("trials", f"{folder}/run")
                self.assertGreaterEqual(trial["metrics"]["energy"], 0)
            else:
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("/sys/class/powercap/intel-rapl:*/energy_uj", done.stderr)

    def test_a_space_without_networks_has_no_latency(self):
        with scratch() as folder:
            write(f"{folder}/c.yaml", "space: {type: parameters, parameters: {lr: {type: float, low: "
                  "0, high: 1}}}\ncontroller: {type: random}\nevaluator: {type: command, command: "
                  "[cat]}\nhardware: {metrics: [latency]}\n")
            done = nas("run", f"{folder}/c.yaml", "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertIn("latency is measured of networks", done.stderr)

    def test_measure_adds_latency_and_memory_where_asked(self):
        arguments = ["measure", "nas_bench_201", "--arch", CELL, "--set", "channels=4", "--set",
                     "cells_per_stage=1"]
        counted = nas_json(*arguments)
        self.assertNotIn("latency", counted)
        measured = nas_json(*arguments, "--latency", "--device", "cpu", "--batch", "2", "--runs", "3")
        self.assertGreater(measured["latency"], 0)
        self.assertGreaterEqual(measured["peak_memory"], 2 * 4 * counted["peak_activations"])
        self.assertEqual({k: v for k, v in measured.items() if k in counted}, counted)

    def test_mistakes_are_named(self):
        with scratch() as folder:
            done = nas("run", config(folder, "", ", metrics: [speed]",
                                     "constraints: [latency <= 5MB]"), "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"c\.yaml:9:\d+: hardware\.metrics: found 'speed'")
            self.assertRegex(done.stderr, r"c\.yaml:10:\d+: constraints: .* expected a time like 5ms")


if __name__ == "__main__":
    unittest.main()
