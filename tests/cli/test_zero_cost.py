"""Scores before training: as evaluator, as a filter, as warm start; rank correlations."""

import csv
import unittest

from support import nas, nas_json, scratch, write

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
SPACE = "{type: nas_bench_201, channels: 4, cells_per_stage: 1}"


def config(folder, controller, evaluator, objectives, trials):
    return write(f"{folder}/c.yaml", f"""\
experiment: {{name: zero, seed: 3}}
data: {{dataset: digits, limit: 200}}
space: {SPACE}
controller: {controller}
evaluator: {evaluator}
objectives: [{{metric: {objectives}}}]
budget: {{trials: {trials}}}
""")


def made_up_table(path):
    """Every cell with a made-up accuracy: the number of its 3x3 convolutions, ties broken."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["arch", "score"])
        for i in range(5 ** 6):
            a, b, c, d, e, f = ops = [OPERATIONS[i // 5 ** k % 5] for k in range(6)]
            writer.writerow([f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|",
                             10 * ops.count("nor_conv_3x3") + i / 5 ** 6])


def timeless(trials):
    return [{k: v for k, v in trial.items() if k not in ("started", "seconds")}
            for trial in trials]


class ZeroCost(unittest.TestCase):
    def run_in(self, folder, *more):
        done = nas("run", f"{folder}/c.yaml", "--out", f"{folder}/run", *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return nas_json("trials", f"{folder}/run")

    def test_scores_stand_beside_the_table_and_their_rank_correlations_are_printed(self):
        with scratch() as folder:
            made_up_table(f"{folder}/table.csv")
            config(folder, "{type: random}",
                   "{type: zero_cost, metrics: [synflow, snip, parameters], batch_size: 16,"
                   " table: {path: table.csv, metrics: {accuracy: score}}}", "synflow", 30)
            trials = self.run_in(folder, "--workers", 2)
            for trial in trials:
                self.assertEqual(set(trial["metrics"]),
                                 {"synflow", "snip", "parameters", "multiply_adds", "accuracy"})
            best = max(trials, key=lambda trial: trial["metrics"]["synflow"])
            self.assertEqual(nas_json("best", f"{folder}/run")["number"], best["number"])
            found = nas_json("correlate", f"{folder}/run", "--metric", "accuracy")
            rows = {row["metric"]: row for row in found["correlations"]}
            self.assertEqual(set(rows), {"synflow", "snip", "parameters", "multiply_adds"})
            self.assertTrue(all(row["trials"] == 30 for row in rows.values()))
            # The table counts 3x3 convolutions, which hold most parameters.
            self.assertGreater(rows["parameters"]["spearman"], 0.8)
            self.assertGreater(rows["parameters"]["spearman"], rows["parameters"]["kendall"])
            text = nas("correlate", f"{folder}/run", "--metric", "accuracy").stdout
            self.assertIn(f"{rows['snip']['spearman']:.3f}", text)
            done = nas("correlate", f"{folder}/run", "--metric", "acuracy")
            self.assertEqual(done.returncode, 2)
            self.assertIn("acuracy", done.stderr)

    def test_scores_depend_neither_on_the_number_of_workers_nor_on_the_run(self):
        with scratch() as folder:
            file = config(folder, "{type: random}", "{type: zero_cost, metrics: [synflow, naswot, "
                          "zen, grasp, fisher, jacob_cov, grad_norm]}", "synflow", 12)
            runs = []
            for workers in (1, 3):
                done = nas("run", file, "--out", f"{folder}/{workers}", "--workers", workers)
                self.assertEqual(done.returncode, 0, done.stderr)
                runs.append(timeless(nas_json("trials", f"{folder}/{workers}")))
            self.assertEqual(*runs)
            self.assertTrue(any(trial["state"] == "complete" for trial in runs[0]))

    def test_a_warm_start_screens_first_and_its_trials_are_never_the_best(self):
        with scratch() as folder:
            made_up_table(f"{folder}/table.csv")
            config(folder, "{type: regularized_evolution, population: 4, sample: 2, lag: 1,"
                   " warm_start: {metric: synflow, points: 12, batch_size: 8}}",
                   "{type: table, path: table.csv, metrics: {accuracy: score}}", "accuracy", 30)
            trials = self.run_in(folder)
            self.assertEqual([trial["job"] for trial in trials], ["screen"] * 12 + ["evaluate"] * 18)
            screened = [trial for trial in trials[:12] if trial["state"] == "complete"]
            self.assertTrue(all("accuracy" not in trial["metrics"] for trial in screened))
            ranked = sorted(screened, key=lambda trial: -trial["metrics"]["synflow"])
            self.assertEqual([trial["point"] for trial in trials[12:16]],
                             [trial["point"] for trial in ranked[:4]])
            self.assertGreaterEqual(nas_json("best", f"{folder}/run")["number"], 12)
            self.assertEqual(nas_json("status", f"{folder}/run")["trials"]["total"], 30)
            self.assertEqual(nas("report", f"{folder}/run").returncode, 0)

    def test_screened_points_are_not_the_best_by_a_count_that_they_have_too(self):
        with scratch() as folder:
            made_up_table(f"{folder}/table.csv")
            config(folder, "{type: random, warm_start: {metric: parameters, points: 20}}",
                   "{type: table, path: table.csv, metrics: {accuracy: score}}",
                   "parameters, goal: minimize", 22)
            trials = self.run_in(folder)
            best = nas_json("best", f"{folder}/run")
            self.assertIn(best["number"], (20, 21))
            self.assertGreater(best["metrics"]["parameters"],
                               min(trial["metrics"]["parameters"] for trial in trials[:20]))

    def test_a_screen_spares_candidates_their_training(self):
        with scratch() as folder:
            config(folder, "{type: random}", "{type: train, epochs: 1, screen: {metric: synflow,"
                   " candidates: 16, keep: 0.4}}", "validation_accuracy", 12)
            trials = self.run_in(folder)
            failed = [trial for trial in trials if trial["state"] == "failed"]
            self.assertTrue(0 < len(failed) < 12)
            for trial in failed:
                self.assertEqual(trial["error"]["kind"], "constraint")
                self.assertRegex(trial["error"]["reason"], r"synflow: found .*, expected at least ")
            for trial in trials:
                if trial["state"] == "complete":
                    self.assertIn("synflow", trial["metrics"])

    def test_misspelt_proxies_are_told_with_their_line(self):
        with scratch() as folder:
            file = config(folder, "{type: random}", "{type: zero_cost, metrics: [synflow, snipp]}",
                          "synflow", 3)
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"c\.yaml:5:\d+: evaluator\.metrics: found 'snipp'")
            file = config(folder, "{type: bananas, warm_start: {metric: synflo}}",
                          "{type: train}", "validation_accuracy", 3)
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"c\.yaml:4:\d+: controller\.warm_start\.metric")

    def test_a_controller_that_starts_from_no_points_has_no_warm_start(self):
        with scratch() as folder:
            file = config(folder, "{type: grid, warm_start: {}}", "{type: train}",
                          "validation_accuracy", 3)
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 2)
            self.assertIn("warm_start", done.stderr)


if __name__ == "__main__":
    unittest.main()
