"""Constraints and counts of networks as metrics. Needs no LibTorch."""

import csv
import json
import unittest

from support import nas, nas_json, scratch, write

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]


def config(folder, more, objectives="[{metric: accuracy}]"):
    with open(f"{folder}/table.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["arch", "accuracy"])
        for i in range(5 ** 6):
            a, b, c, d, e, f = ops = [OPERATIONS[i // 5 ** k % 5] for k in range(6)]
            writer.writerow([f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|",
                             10 * ops.count("nor_conv_3x3") + i / 5 ** 6])
    return write(f"{folder}/c.yaml", f"""\
experiment: {{name: constrained, seed: 5}}
space: {{type: nas_bench_201}}
controller: {{type: random}}
evaluator: {{type: table, path: table.csv}}
objectives: {objectives}
budget: {{trials: 100}}
{more}
""")


class Constraints(unittest.TestCase):
    def run_and_list(self, folder, file):
        done = nas("run", file, "--out", f"{folder}/run")
        self.assertEqual(done.returncode, 0, done.stderr)
        return nas_json("trials", f"{folder}/run")

    def test_points_that_break_a_constraint_fail_with_the_figures(self):
        with scratch() as folder:
            trials = self.run_and_list(folder, config(
                folder, "constraints: [parameters <= 0.5M, 'multiply_adds >= 10M']"))
            kept = [t for t in trials if t["state"] == "complete"]
            failed = [t for t in trials if t["state"] == "failed"]
            self.assertTrue(kept and failed)
            for trial in kept:
                self.assertLessEqual(trial["metrics"]["parameters"], 500000)
                self.assertGreaterEqual(trial["metrics"]["multiply_adds"], 10e6)
            self.assertTrue(all("constraint" in json.dumps(t["error"]) for t in failed))
            self.assertRegex(json.dumps(failed), r"parameters: found \d+, expected at most 500000")
            self.assertLessEqual(nas_json("best", f"{folder}/run")["metrics"]["parameters"], 500000)

    def test_counts_of_the_network_are_metrics_of_a_table_search(self):
        with scratch() as folder:
            trials = self.run_and_list(folder, config(
                folder, "", "[{metric: accuracy}, {metric: multiply_adds, goal: minimize}]"))
            best = nas_json("best", f"{folder}/run")
            self.assertIsInstance(best, list)
            points = sorted((t["metrics"]["multiply_adds"], t["metrics"]["accuracy"]) for t in best)
            self.assertEqual(points, sorted(points, key=lambda p: p[1]))  # more work, more accuracy
            arch = best[0]["arch"]
            counted = nas_json("measure", "nas_bench_201", "--arch", arch)
            self.assertEqual(best[0]["metrics"]["multiply_adds"], counted["multiply_adds"])
            self.assertEqual(len(trials), 100)

    def test_a_constraint_on_what_the_evaluator_reports_is_checked_after_it(self):
        with scratch() as folder:
            trials = self.run_and_list(folder, config(folder, "constraints: [accuracy >= 20]"))
            for trial in trials:
                self.assertEqual(trial["state"] == "complete",
                                 trial["metrics"].get("accuracy", 0) >= 20)
            self.assertTrue(any(t["state"] == "failed" for t in trials))

    def test_a_misspelt_constraint_is_told_with_its_line(self):
        with scratch() as folder:
            done = nas("run", config(folder, "constraints: [parameters < 1M]"), "--out",
                       f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"c\.yaml:7:\d+: constraints: found 'parameters < 1M'")

    def test_a_constraint_on_a_metric_that_nothing_reports_is_no_silent_yes(self):
        with scratch() as folder:
            done = nas("run", config(folder, "constraints: [paramters <= 1M]"), "--out",
                       f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"c\.yaml:7:\d+: constraints: found 'paramters', expected one of "
                             r".*; did you mean 'parameters'\?")


if __name__ == "__main__":
    unittest.main()
