"""Searches over a table: determinism, resume, repeat. Needs no LibTorch."""

import csv
import json
import pathlib
import statistics
import time
import unittest

from support import DATA, nas, nas_json, scratch, write

OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]


def made_up_table(path):
    """Every cell with a made-up score: more 3x3 convolutions are better, with ties broken."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["arch", "score"])
        for i in range(5 ** 6):
            ops = [OPERATIONS[i // 5 ** k % 5] for k in range(6)]
            a, b, c, d, e, f = ops
            writer.writerow([f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|",
                             10 * ops.count("nor_conv_3x3") + i / 5 ** 6])


def config(folder, controller="{type: regularized_evolution, population: 10, sample: 3}"):
    made_up_table(f"{folder}/table.csv")
    return write(f"{folder}/c.yaml", f"""\
experiment: {{name: table, seed: 5}}
space: {{type: nas_bench_201}}
controller: {controller}
evaluator: {{type: table, path: table.csv, key: arch, metrics: {{accuracy: score}}}}
objectives: [{{metric: accuracy, goal: maximize}}]
budget: {{trials: 200}}
""")


def timeless(trials):
    return [{k: v for k, v in trial.items() if k not in ("started", "seconds")}
            for trial in trials]


class TableRun(unittest.TestCase):
    def test_the_same_configuration_gives_the_same_trials_with_any_number_of_workers(self):
        with scratch() as folder:
            file = config(folder)
            for workers in (1, 4):
                done = nas("run", file, "--out", f"{folder}/w{workers}", "--workers", workers)
                self.assertEqual(done.returncode, 0, done.stderr)
            one, four = (timeless(nas_json("trials", f"{folder}/w{n}")) for n in (1, 4))
            self.assertEqual(len(one), 200)
            self.assertEqual(one, four)
            best = nas_json("best", f"{folder}/w1")
            self.assertEqual(best["metrics"]["accuracy"],
                             max(t["metrics"]["accuracy"] for t in one))
            self.assertEqual(set(one[0]), {"number", "job", "state", "point", "budget", "metrics",
                                           "continues", "seed", "error"})

    def test_a_limit_of_time_is_limit_enough(self):
        with scratch() as folder:
            done = nas("run", config(folder), "--out", f"{folder}/run", "--quiet", "--set",
                       "budget={wall_time: 3s}")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(len(nas_json("trials", f"{folder}/run")), 100)  # trials' default

    def test_another_seed_gives_other_trials(self):
        with scratch() as folder:
            file = config(folder, "{type: random}")
            nas("run", file, "--out", f"{folder}/a")
            nas("run", file, "--out", f"{folder}/b", "--set", "experiment.seed=6")
            self.assertNotEqual(*(timeless(nas_json("trials", f"{folder}/{x}")) for x in "ab"))

    def test_a_finished_run_resumes_to_itself(self):
        with scratch() as folder:
            nas("run", config(folder), "--out", f"{folder}/run")
            before = nas_json("trials", f"{folder}/run")
            self.assertEqual(nas("resume", f"{folder}/run").returncode, 0)
            self.assertEqual(before, nas_json("trials", f"{folder}/run"))
            self.assertEqual(nas_json("status", f"{folder}/run")["trials"]["complete"], 200)
            point = json.loads(pathlib.Path(f"{folder}/run/best/point.json").read_text())
            self.assertEqual(point, nas_json("best", f"{folder}/run")["point"])

    def test_counts_are_told_whole_and_a_finished_run_has_no_time_left(self):
        with scratch() as folder:
            file = config(folder)
            table = pathlib.Path(folder, "table.csv")
            head, *rows = table.read_text().split()
            write(table, f"{head},work\n" + "".join(f"{row},21938368\n" for row in rows))
            done = nas("run", file, "--out", f"{folder}/run", "--set", "evaluator.metrics.work=work")
            self.assertEqual(done.returncode, 0, done.stderr)
            for command in ("best", "status"):
                text = nas(command, f"{folder}/run").stdout
                self.assertRegex(text, r"work +21938368\n")
                self.assertRegex(text, r"accuracy +\d+\.\d{1,5}\n")
                self.assertNotIn(" left", text)

    def test_a_run_whose_trials_are_lost_is_not_begun_anew(self):
        with scratch() as folder:
            file = config(folder)
            nas("run", file, "--out", f"{folder}/run")
            trials = pathlib.Path(folder, "run", "trials.db")
            kept = trials.read_bytes()
            for lose in (trials.unlink, lambda: trials.write_bytes(b"")):
                lose()
                for command in (("run", file, "--out"), ("resume",)):
                    done = nas(*command, f"{folder}/run")
                    self.assertEqual(done.returncode, 1, done.stderr)
                    self.assertIn("trials.db: found no trials", done.stderr)
            trials.write_bytes(kept)
            self.assertEqual(nas("resume", f"{folder}/run").returncode, 0)

    def test_a_folder_of_another_run_is_not_overwritten(self):
        with scratch() as folder:
            file = config(folder)
            nas("run", file, "--out", f"{folder}/run")
            done = nas("run", file, "--out", f"{folder}/run", "--set", "experiment.seed=9")
            self.assertEqual(done.returncode, 2)
            self.assertEqual(len(nas_json("trials", f"{folder}/run")), 200)

    def test_repeats_run_one_seed_after_another_and_report_the_spread(self):
        with scratch() as folder:
            done = nas("run", config(folder), "--out", f"{folder}/run", "--repeat", 3)
            self.assertEqual(done.returncode, 0, done.stderr)
            scores = [nas_json("best", f"{folder}/run/seed-{s}")["metrics"]["accuracy"]
                      for s in (5, 6, 7)]
            self.assertIn(f"{statistics.mean(scores):.3f}", done.stdout)
            self.assertTrue(pathlib.Path(f"{folder}/run/seed-5/report.html").exists())

    def test_a_repeat_goes_on_after_a_seed_without_a_score(self):
        with scratch() as folder:
            done = nas("run", config(folder), "--out", f"{folder}/run", "--repeat", 2, "--set",
                       "constraints=[accuracy >= 1000]", "--set", "budget.trials=5")
            self.assertEqual(done.returncode, 1)
            for seed in (5, 6):
                self.assertIn(f"seed {seed}: no trial has a score", done.stderr)
                self.assertEqual(nas_json("status", f"{folder}/run/seed-{seed}")["state"], "failed")

    def test_repeats_of_many_seeds_leave_the_reports_to_be_asked_for(self):
        with scratch() as folder:
            done = nas("run", config(folder), "--out", f"{folder}/run", "--repeat", 5)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("report.html", done.stdout)
            report = pathlib.Path(f"{folder}/run/seed-6/report.html")
            self.assertFalse(report.exists())
            self.assertEqual(nas("report", f"{folder}/run/seed-6").returncode, 0)
            self.assertTrue(report.exists())

    def test_a_broken_table_names_file_and_line(self):
        with scratch() as folder:
            file = config(folder)
            table = pathlib.Path(f"{folder}/table.csv")
            rows = table.read_text()
            for broken, place in (
                    (rows.replace("~0|+|", "~7|+|"), r"table\.csv:2: .*~7"),
                    (rows.replace(",50.", ",fifty", 1), r"table\.csv:\d+: found 'fifty\d+' in column 'score'"),
                    (rows.replace("score", "skore", 1), r"table\.csv:1: found no column 'score', expected"),
                    (rows + rows.split()[3].split(",")[0] + ",7\n", r"table\.csv:15627: .* stands in line 4 with")):
                with self.subTest(place=place):
                    write(table, broken)
                    done = nas("run", file, "--out", f"{folder}/run")
                    self.assertEqual(done.returncode, 2)
                    self.assertRegex(done.stderr, place)

    def test_a_table_of_a_larger_space_serves_with_the_rows_that_are_in_this_one(self):
        with scratch() as folder:
            widths = [f"8:8:8:{a}:{b}" for a in range(8, 72, 8) for b in range(8, 72, 8)]
            write(f"{folder}/sizes.csv", "arch,score\n" + "".join(f"{w},{i}\n" for i, w in enumerate(widths)))
            file = write(f"{folder}/c.yaml", """\
space: {type: nats_size, channels: 16}
controller: {type: grid}
evaluator: {type: table, path: sizes.csv}
objectives: [{metric: score}]
budget: {trials: 32}
""")
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 0, done.stderr)
            states = [trial["state"] for trial in nas_json("trials", f"{folder}/run")]
            self.assertEqual(states.count("complete"), 4)
            self.assertEqual(nas_json("best", f"{folder}/run")["arch"], "8:8:8:16:16")
            log = pathlib.Path(f"{folder}/run/log.jsonl").read_text().splitlines()
            warnings = [line["text"] for line in map(json.loads, log) if line["event"] == "warning"]
            self.assertEqual(len(warnings), 1)
            self.assertIn("60 of 64 rows", warnings[0])

    def test_a_row_without_the_metric_is_a_failed_trial_that_names_the_cell(self):
        with scratch() as folder:
            file = config(folder, "{type: random}")
            table = pathlib.Path(f"{folder}/table.csv")
            head, *rows = table.read_text().split()
            write(table, head + "\n" + "".join(
                row.split(",")[0] + ",\n" if i % 2 else row + "\n" for i, row in enumerate(rows)))
            done = nas("run", file, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 0, done.stderr)
            failed = [t for t in nas_json("trials", f"{folder}/run") if t["state"] == "failed"]
            self.assertTrue(50 < len(failed) < 150)
            for trial in failed:
                self.assertRegex(trial["error"]["reason"], r"table\.csv:\d+: column 'score' has no number")

    def test_a_metric_that_the_table_lacks_is_told_before_the_first_trial(self):
        with scratch() as folder:
            file = config(folder, "{type: random}")
            for change, place in (("objectives=[{metric: acuracy}]", r"--set objectives=.*: "
                                   r"objectives\.0\.metric: found 'acuracy', expected one of accuracy, "
                                   r".*did you mean 'accuracy'\?"),
                                  ("evaluator.metrics={}", r"c\.yaml:5:\d+: objectives\.0\.metric: found "
                                   r"'accuracy', expected one of score, parameters, multiply_adds, latency"),
                                  ("constraints=[flash <= 1M]", r"constraints: found 'flash', expected"),
                                  ("objectives=[]", r"objectives: where none is given, found "
                                   r"'validation_accuracy', expected one of accuracy,")):
                with self.subTest(change=change):
                    done = nas("run", file, "--out", f"{folder}/run", "--set", change)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertRegex(done.stderr, place)
                    self.assertFalse(pathlib.Path(f"{folder}/run").exists())

    @unittest.skipUnless((DATA / "nas_bench_201").exists(), f"no NAS-Bench-201 table in {DATA}")
    def test_evolution_reaches_the_published_mean_on_nas_bench_201(self):
        table = DATA / "nas_bench_201" / "cifar10_test_accuracy_200_epochs.csv"
        with scratch() as folder:
            file = write(f"{folder}/c.yaml", f"""\
experiment: {{name: published, seed: 0}}
space: {{type: nas_bench_201}}
controller: {{type: regularized_evolution, population: 10, sample: 3}}
evaluator: {{type: table, path: {table}, key: arch, metrics: {{accuracy: cifar10_test_accuracy}}}}
objectives: [{{metric: accuracy, goal: maximize}}]
budget: {{trials: 300}}
""")
            start = time.time()
            done = nas("run", file, "--out", f"{folder}/run", "--repeat", 100, "--quiet")
            self.assertEqual(done.returncode, 0, done.stderr)
            seconds = time.time() - start
            scores = [nas_json("best", f"{folder}/run/seed-{s}")["metrics"]["accuracy"]
                      for s in range(100)]
        print(f"mean of 100 seeds {statistics.mean(scores):.4f}, "
              f"deviation {statistics.stdev(scores):.4f}, {seconds:.1f} s")
        self.assertAlmostEqual(statistics.mean(scores), 94.341, delta=0.02)


if __name__ == "__main__":
    unittest.main()
