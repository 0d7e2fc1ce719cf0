"""Wrong configurations and wrong use: every mistake named with its line, exit status 2."""

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

    def test_every_subcommand_explains_itself(self):
        for command in ("run", "resume", "submit", "cancel", "status", "trials", "best", "train", "space", "measure",
                        "report", "prune", "qubo", "anneal", "bench", "list"):
            done = nas(command, "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn("--help", done.stdout)


if __name__ == "__main__":
    unittest.main()
