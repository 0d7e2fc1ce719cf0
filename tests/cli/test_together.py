"""Several processes that train one network or one supernet together: what one process gives,
whatever ends them."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

from support import NAS, ROOT, floats, nas, read_safetensors, scratch, write

# 1,437 examples of digits to retrain on: 20 steps of 71. A network without kinks: where a value lies
# within rounding of a ReLU's, its gradient is all or nothing, and 20 steps make much of that. Wide
# enough that 20 steps take seconds: those who kill and stop must find it at work.
CONFIG = """
experiment: {name: together, seed: 3}
data: {dataset: digits}
device: cpu
space:
  type: mobilenet
  stem: 48
  stem_activation: swish
  first: 48
  first_activation: swish
  head: 64
  head_activation: swish
  features: 0
  stages:
    - {channels: 48, depth: 3, least_depth: 3, activation: swish}
    - {channels: 64, stride: 2, depth: 3, least_depth: 3, activation: swish}
controller: {type: random}
evaluator: {type: train, epochs: 1, batch_size: 71, learning_rate: 0.02, augment: {crop_padding: 1}}
checkpoint: {steps: 3, seconds: 0}
budget: {trials: 1}
workers: 1
stages:
  retrain: {seeds: 1, epochs: 1, processes: 2, patience: 30s}
"""


# A differentiable search of 20 steps, in four epochs.
# What shares statistics goes layer by layer: other kernels round otherwise, and ReLUs add to that.
SEARCH = """
experiment: {name: searched, seed: 3}
kernels: reference
data: {dataset: digits, limit: 170}
device: cpu
space: {type: nas_bench_201, channels: 8, cells_per_stage: 1}
controller:
  type: darts
  epochs: 4
  batch_size: 15
  learning_rate: 0.02
  architecture_learning_rate: 0.01
  processes: 2
  patience: 30s
evaluator: {type: train, epochs: 1, batch_size: 64}
checkpoint: {steps: 3, seconds: 0}
budget: {trials: 2}
workers: 1
stages: {}
"""


def weights(path):
    tensors, _ = read_safetensors(path)
    return {name: floats(tensor) for name, tensor in tensors.items() if tensor[0] == "F32"}


def distance(one, other):
    """The largest difference of any weight or running statistic."""
    one, other = weights(one), weights(other)
    assert one.keys() == other.keys()
    return max(abs(a - b) for name in one for a, b in zip(one[name], other[name]))


def processes_of(folder):
    """Numbers of the processes with LibTorch that work in a folder, by rank."""
    found = {}
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            if not command[0].endswith(b"nas-tensor") or str(folder).encode() not in command:
                continue
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        rank = next((int(v[5:]) for v in variables if v.startswith(b"RANK=")), 0)
        found[rank] = int(entry.name)
    return found


def launched(count, arguments):
    """Exit statuses, outputs and errors of `count` processes that srun might have started."""
    started = []
    for rank in range(count):
        variables = {"SLURM_PROCID": rank, "SLURM_NTASKS": count, "SLURM_LOCALID": rank,
                     "SLURM_STEP_NUM_TASKS": count, "SLURM_NODELIST": "localhost",
                     "SLURM_JOB_ID": os.getpid()}
        environment = os.environ | {name: str(value) for name, value in variables.items()}
        started.append(subprocess.Popen([NAS, *map(str, arguments)], env=environment, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    ends = [process.communicate(timeout=300) for process in started]
    return [(process.returncode, *end) for process, end in zip(started, ends)]


def begun(test, place, command):
    """The process of a command, once a checkpoint of its training is in `place`."""
    process = subprocess.Popen([NAS, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               text=True)
    end = time.time() + 300
    while not list(place.glob("step-*.safetensors")):
        test.assertIsNone(process.poll(), "the run ended before its first checkpoint")
        test.assertLess(time.time(), end)
        time.sleep(0.002)
    return process


class Together(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.config = write(cls.folder / "together.yaml", CONFIG)
        cls.alone = cls.retrained("alone", "--processes", "1")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def retrained(cls, name, *options):
        """The weights that a whole run leaves."""
        done = nas("run", cls.config, "--out", cls.folder / name, *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return cls.folder / name / "best" / "weights.safetensors"

    def start(self, name, *options):
        """A run, once its retraining has saved its first checkpoint; and the retraining's folder."""
        out = self.folder / name
        place = out / "checkpoints" / "retrain-000000"
        return begun(self, place, ["run", self.config, "--out", out, *options]), place

    def test_two_processes_give_the_weights_of_one(self):
        apart = distance(self.alone, self.retrained("two"))
        print(f"two processes: {apart:.1e} apart", file=sys.stderr)
        self.assertLess(apart, 1e-5)

    def test_three_processes_with_unequal_parts_give_the_weights_of_one(self):
        self.assertLess(distance(self.alone, self.retrained("three", "--processes", "3")), 1e-5)

    def test_without_statistics_of_the_whole_batch_they_do_not(self):
        own = self.retrained("own", "--set", "stages.retrain.norm_statistics=process")
        self.assertGreater(distance(self.alone, own), 1e-3)

    def test_both_killed_and_gone_on_with_one_they_give_the_weights_of_one(self):
        process, place = self.start("killed")
        both = processes_of(self.folder / "killed")
        for number in both.values():
            os.kill(number, signal.SIGKILL)
        self.assertEqual(sorted(both), [0, 1])
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, errors)
        self.assertFalse((place / "weights.safetensors").exists(), "killed too late")
        self.assertTrue(list(place.glob("step-*.safetensors")))
        done = nas("resume", self.folder / "killed", "--processes", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = self.folder / "killed" / "best" / "weights.safetensors"
        self.assertLess(distance(self.alone, found), 1e-5)

    def test_stopped_with_one_and_gone_on_with_two_they_give_the_weights_of_one(self):
        process, place = self.start("stopped", "--processes", "1")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75, errors)
        self.assertFalse((place / "weights.safetensors").exists(), "stopped too late")
        done = nas("resume", self.folder / "stopped")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = self.folder / "stopped" / "best" / "weights.safetensors"
        self.assertLess(distance(self.alone, found), 1e-5)

    def test_two_processes_that_are_told_to_stop_save_and_end_with_75(self):
        process, place = self.start("told")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 75, errors)
        self.assertFalse((place / "weights.safetensors").exists(), "stopped too late")

    def test_one_that_dies_ends_the_others_with_the_reason(self):
        process, _ = self.start("one")
        os.kill(processes_of(self.folder / "one")[1], signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("processes that train together is gone or does not answer", errors)

    def test_one_that_hangs_is_given_up_after_the_patience(self):
        process, _ = self.start("hangs", "--set", "stages.retrain.patience=3s")
        os.kill(processes_of(self.folder / "hangs")[1], signal.SIGSTOP)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("does not answer", errors)


def numbers_of(epochs):
    """Mixture weights and metrics of a search, after each epoch, but those that make much of
    rounding: an example may change sides, and the guard's eigenvalue comes of differences."""
    for epoch in epochs:
        yield from (value for name, value in sorted(epoch["metrics"].items())
                    if "accuracy" not in name and name != "dominant_eigenvalue")
        for group in sorted(epoch["probabilities"]):
            yield from (value for row in epoch["probabilities"][group] for value in row)


class SearchTogether(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.config = write(cls.folder / "searched.yaml", SEARCH)
        cls.alone = cls.searched("alone", "--processes", "1")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    @classmethod
    def place(cls, name):
        return cls.folder / name / "checkpoints" / "trial-000000"

    @classmethod
    def history(cls, name):
        return json.loads((cls.place(name) / "architecture.json").read_text())["epochs"]

    @classmethod
    def searched(cls, name, *options):
        done = nas("run", cls.config, "--out", cls.folder / name, *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return cls.history(name)

    def apart(self, epochs, alone=None):
        self.assertEqual(len(epochs), 4)
        pairs = zip(numbers_of(alone or self.alone), numbers_of(epochs), strict=True)
        return max(abs(a - b) for a, b in pairs)

    def test_two_processes_find_what_one_finds(self):
        epochs = self.searched("two")
        apart = self.apart(epochs)
        print(f"search of two processes: {apart:.1e} apart", file=sys.stderr)
        self.assertLess(apart, 1e-5)
        first, same = (found[0]["metrics"]["dominant_eigenvalue"] for found in (self.alone, epochs))
        self.assertLess(abs(same / first - 1), 1e-3)
        self.assertEqual([epoch["arch"] for epoch in epochs],
                         [epoch["arch"] for epoch in self.alone])

    def test_without_statistics_of_the_whole_batch_they_do_not(self):
        own = self.searched("own", "--set", "controller.norm_statistics=process")
        self.assertGreater(self.apart(own), 1e-3)

    def test_in_stages_that_drop_skip_connections_two_find_what_one_finds(self):
        staged = ("--set", "space={type: darts, channels: 4, cells: 2, nodes: 2}",
                  "--set", "controller.type=p_darts", "--set", "controller.epochs=2",
                  "--set", "controller.architecture_warmup=1", "--set", "controller.stages="
                  "[{cells: 1, operations: 8, skip_dropout: 0}, {cells: 3, operations: 3, skip_dropout: 0.4}]")
        alone = self.searched("staged-alone", *staged, "--processes", "1")
        apart = self.apart(self.searched("staged-two", *staged), alone)
        print(f"in stages: {apart:.1e} apart", file=sys.stderr)
        self.assertLess(apart, 1e-4)

    def test_both_killed_and_gone_on_with_one_they_find_what_one_finds(self):
        process = begun(self, self.place("killed"),
                        ["run", self.config, "--out", self.folder / "killed"])
        both = processes_of(self.folder / "killed")
        for number in [process.pid, *both.values()]:
            os.kill(number, signal.SIGKILL)
        process.communicate(timeout=60)
        self.assertEqual(sorted(both), [0, 1])
        time.sleep(0.5)  # what a killed run has started dies soon after it
        done = nas("resume", self.folder / "killed", "--processes", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(self.apart(self.history("killed")), 1e-5)

    def test_processes_of_srun_search_together_and_end_together(self):
        for status, _, errors in launched(2, ["run", self.config, "--out", self.folder / "srun",
                                              "--processes", "0"]):
            self.assertEqual(status, 0, errors)
        self.assertLess(self.apart(self.history("srun")), 1e-5)


class Launched(unittest.TestCase):
    """Processes that others start: torchrun, and srun by its variables."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.config = write(cls.folder / "together.yaml", CONFIG)
        alone = nas("run", cls.config, "--out", cls.folder / "alone", "--processes", "1")
        assert alone.returncode == 0, alone.stderr
        arch = (cls.folder / "alone" / "best" / "arch.txt").read_text().strip()
        cls.train = ["train", cls.config, "--arch", arch]

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_processes_of_srun_retrain_together_and_end_together(self):
        for status, _, errors in launched(2, ["run", self.config, "--out", self.folder / "srun",
                                              "--processes", "0"]):
            self.assertEqual(status, 0, errors)
        found = self.folder / "srun" / "best" / "weights.safetensors"
        self.assertLess(distance(self.folder / "alone" / "best" / "weights.safetensors", found),
                        1e-5)
        # A run that is over needs no one.
        for status, _, errors in launched(2, ["resume", self.folder / "srun", "--processes", "2"]):
            self.assertEqual(status, 0, errors)

    def test_another_number_than_was_started_is_refused(self):
        (status, _, errors), _ = launched(2, ["run", self.config, "--out", self.folder / "no",
                                              "--processes", "3"])
        self.assertEqual(status, 2)
        self.assertIn("found 3, but torchrun or srun started 2", errors)

    def test_one_architecture_is_trained_by_two_processes(self):
        one = nas(*self.train, "--out", self.folder / "one", "--processes", "1")
        self.assertEqual(one.returncode, 0, one.stderr)
        done = nas(*self.train, "--out", self.folder / "two")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("test_accuracy"), 1)
        self.assertLess(distance(self.folder / "one" / "weights.safetensors",
                                 self.folder / "two" / "weights.safetensors"), 1e-5)

    def test_torchrun_starts_them(self):
        python = next((ROOT / ".deps").glob("python/bin/python"), sys.executable)
        runs = subprocess.run([python, "-c", "import torch.distributed.run"], capture_output=True)
        if runs.returncode != 0:
            self.skipTest("torchrun is not installed")
        done = subprocess.run(
            [python, "-m", "torch.distributed.run", "--no-python", "--standalone",
             "--nproc-per-node", "2", NAS, *self.train, "--out", self.folder / "torchrun",
             "--processes", "0"], capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        plain = nas(*self.train, "--out", self.folder / "plain", "--processes", "1")
        self.assertEqual(plain.returncode, 0, plain.stderr)
        self.assertLess(distance(self.folder / "plain" / "weights.safetensors",
                                 self.folder / "torchrun" / "weights.safetensors"), 1e-5)


if __name__ == "__main__":
    unittest.main()
