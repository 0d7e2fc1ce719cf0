"""Wrong configurations and wrong use: every mistake named with its line, exit status 2."""

import json
import re
import unittest

from support import nas, scratch, write

# One mistake a line, twenty in all; the lines are counted below.
MISTAKES = """\
experiment: {name: broken, seed: minus}
data:
  dataset: digitz
  validation: 1.5
  split_seed: 0.5
  colour: red
space:
  type: nas_bench_201
  channels: -4
  cells_per_stage: many
controller:
  type: regularized_evolution
  populaton: 10
  sample: 0
evaluator:
  type: train
  epochs: none
  batch_size: [1, 2]
  learning_rate: fast
  label_smoothing: 2
  schedule: cosin
  augment: {flip: 3}
objectives:
  - metric: validation_accuracy
    goal: biggest
budget:
  trials: ten
  wall_time: 2 fortnights
workers: -1
devise: cpu
deterministic: maybe
"""
WRONG_LINES = [1, 3, 4, 5, 6, 9, 10, 13, 14, 17, 18, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31]


TUNING = """\
space: {type: parameters, parameters: {x: {type: float, low: 0, high: 1}}}
controller: {type: random}
evaluator: {type: command, command: ["true"]}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 3}
"""


class Mistakes(unittest.TestCase):
    def test_every_mistake_of_a_file_is_named_with_its_line(self):
        with scratch() as folder:
            config = write(f"{folder}/broken.yaml", MISTAKES)
            done = nas("run", config, "--out", f"{folder}/run")
        self.assertEqual(done.returncode, 2)
        lines = [int(n) for n in re.findall(r"broken\.yaml:(\d+):\d+: ", done.stderr)]
        self.assertEqual(lines, WRONG_LINES, done.stderr)
        self.assertIn("population", done.stderr)
        self.assertIn("digits", done.stderr)
        self.assertIn("device", done.stderr)

    def test_an_override_that_is_wrong_is_named_as_such(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", "space: {type: nas_bench_201}\n"
                           "controller: {type: random}\nevaluator: {type: train}\n")
            done = nas("run", config, "--out", f"{folder}/run", "--set", "budget.trials=ten")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--set budget.trials=ten", done.stderr)

    def test_a_missing_file_and_an_unknown_command_are_wrong_use(self):
        self.assertEqual(nas("run", "/nowhere/c.yaml").returncode, 2)
        self.assertEqual(nas("rum").returncode, 2)
        self.assertEqual(nas("status", "/nowhere").returncode, 2)
        self.assertEqual(nas("--help").returncode, 0)

    def test_an_unknown_command_is_named_with_one_that_is_near(self):
        done = nas("rum", "c.yaml")
        self.assertIn("found 'rum'", done.stderr)
        self.assertIn("did you mean 'run'?", done.stderr)

    def test_a_number_out_of_its_range_is_told_with_what_is_expected(self):
        for arguments in (("run", "c.yaml", "--workers", "0"), ("run", "c.yaml", "--workers", "5K"),
                          ("run", "c.yaml", "--repeat", "-1"), ("ask", "c.yaml", "--count", "0"),
                          ("space", "mlp", "--sample", "-1"), ("space", "mlp", "--seed", "-1"),
                          ("measure", "mlp", "--arch", "16 relu", "--classes", "0"),
                          ("measure", "mlp", "--arch", "16 relu", "--classes", "-3")):
            with self.subTest(arguments=arguments):
                done = nas(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(arguments[-2], done.stderr)
                self.assertLess(len(done.stderr), 150)

    def test_files_and_folders_in_each_others_place_are_wrong_use(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", TUNING)
            self.assert_wrong_use("expected a folder", "run", config, "--out", config)
            self.assert_wrong_use("cannot be read", "run", folder)
            self.assert_wrong_use("no such file", "run", "")
            self.assert_wrong_use("cannot be read", "measure", "mlp", "--arch-file", folder)

    def test_what_can_only_fail_after_a_search_is_found_before_it(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", TUNING)
            out = ("--out", f"{folder}/run")
            for expected, change in (("describe none", "stages.retrain={}"),
                                     ("add the stage retrain", "stages.prune={}"),
                                     ("'loss' twice", "objectives=[{metric: loss}, {metric: loss}]")):
                with self.subTest(change=change):
                    done = self.assert_wrong_use(expected, "run", config, *out, "--set", change)
                    self.assertNotIn("unknown key", done.stderr)

    def test_data_that_no_network_of_the_space_fits_are_refused(self):
        with scratch() as folder:
            write(f"{folder}/table.csv", "a,b,class\n" + "1,2,x\n3,4,y\n" * 20)
            config = write(f"{folder}/c.yaml", "data: {dataset: csv, path: table.csv}\n"
                           "space: {type: nas_bench_201}\ncontroller: {type: random}\n"
                           "evaluator: {type: train, epochs: 1}\nbudget: {trials: 1}\n")
            self.assert_wrong_use("found an input of 2x1x1", "run", config, "--out",
                                  f"{folder}/run")

    def test_a_differentiable_search_of_a_space_without_supernet_is_refused(self):
        with scratch() as folder:
            for controller, space in (("darts", "mlp"), ("p_darts", "nas_bench_201")):
                config = write(f"{folder}/c.yaml", f"space: {{type: {space}}}\n"
                               f"controller: {{type: {controller}}}\nevaluator: {{type: train}}\n")
                done = self.assert_wrong_use(f"{controller} needs a space with a supernet", "run",
                                             config, "--out", f"{folder}/run")
                self.assertIn(f"'{space}' has none", done.stderr)

    def test_an_objective_that_no_training_reports_is_refused(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", "space: {type: mlp}\ncontroller: {type: random}\n"
                           "evaluator: {type: train, epochs: 1}\n")
            self.assert_wrong_use("test data are read once", "run", config, "--out",
                                  f"{folder}/run", "--set", "objectives=[{metric: test_accuracy}]")

    def test_a_metric_that_the_evaluator_does_not_have_is_told_with_its_line(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", """\
space: {type: nas_bench_201}
controller: {type: random}
data: {dataset: digits}
evaluator: {type: train, epochs: 1}
objectives:
  - metric: validation_accuracy
""")
            out = ("--out", f"{folder}/run")
            for change, key in ((("objectives=[{metric: validation_acc}]",), "objectives.0.metric"),
                                (("constraints=[validation_acc >= 90]",), "constraints"),
                                (("evaluator.type=one_shot", "constraints=[train_loss <= 1]"),
                                 "constraints"),
                                (("evaluator={type: zero_cost, metrics: [snip]}",
                                  "objectives=[{metric: synflow}]"), "objectives.0.metric"),
                                (("constraints=[weight_bytes <= 1K]",), "constraints"),
                                (("objectives=[{metric: validation_expected_cost}]",),
                                 "objectives.0.metric"),
                                (("stopping={type: median, metric: validation_acc}",),
                                 "stopping.metric"),
                                (("stopping={type: percentile}", "objectives=[{metric: latency}]"),
                                 "stopping.metric")):
                with self.subTest(change=change):
                    sets = [part for text in change for part in ("--set", text)]
                    done = self.assert_wrong_use(f"{key}: found '", "run", config, *out, *sets)
                    self.assertRegex(done.stderr, "expected one of .*" + (
                        "train_loss" if key.startswith("stopping") else "parameters, multiply_adds, latency"))
            write(config, config.read_text().replace("validation_accuracy", "validation_acuracy"))
            done = self.assert_wrong_use("did you mean 'validation_accuracy'?", "run", config, *out)
            self.assertRegex(done.stderr, r"c\.yaml:6:\d+: objectives\.0\.metric: found")

    def test_a_name_that_leads_out_of_the_folder_of_runs_is_refused(self):
        with scratch() as folder:
            for name in ("../x", "a/b", ".", "..", "", "x" * 300, "a\tb"):
                config = write(f"{folder}/c.yaml", f"experiment: {{name: {json.dumps(name)}}}\n" + TUNING)
                with self.subTest(name=name):
                    done = self.assert_wrong_use("expected the name of a folder in runs/", "run", config,
                                                 cwd=folder)
                    self.assertRegex(done.stderr, r"c\.yaml:1:\d+: experiment\.name: found '")

    def test_a_split_that_is_needed_and_empty_is_refused(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", "data: {dataset: digits}\nspace: {type: nas_bench_201}\n"
                           "controller: {type: random}\nevaluator: {type: train, epochs: 1}\n"
                           "objectives: [{metric: validation_accuracy}]\nbudget: {trials: 1}\n"
                           "stages: {retrain: {}}\n")
            for part in ("test", "validation"):
                self.assert_wrong_use(f"data.{part}", "run", config, "--out", f"{folder}/run", "--set",
                                      f"data.{part}=0")

    def test_constraints_that_no_point_keeps_are_told(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", TUNING)
            done = nas("run", config, "--out", f"{folder}/run", "--set", "controller.type=grid",
                       "--set", "space.parameters.x={type: int, low: 1, high: 9}",
                       "--set", "space.constraints=[x <= 0]")
            self.assertEqual(done.returncode, 1)
            self.assertIn("no point keeps all constraints", done.stderr)

    def assert_wrong_use(self, expected, *arguments, **options):
        done = nas(*arguments, **options)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(expected, done.stderr)
        return done

    def test_every_subcommand_explains_itself(self):
        for command in ("run", "resume", "submit", "cancel", "status", "trials", "best", "train", "space", "measure",
                        "report", "prune", "qubo", "anneal", "bench", "list"):
            done = nas(command, "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn("--help", done.stdout)


if __name__ == "__main__":
    unittest.main()
