"""The stage prune: what it leaves, that a killed one ends the same, and wrong configurations."""

import json
import pathlib
import signal
import unittest

from support import ROOT, nas, read_safetensors, scratch, stop_at_line

CONFIG = ROOT / "configs" / "digits" / "prune.yaml"
SHORT = ["--set", "budget.trials=1", "--set", "evaluator.epochs=1", "--set", "data.limit=600",
         "--set", "stages.retrain.seeds=2", "--set", "stages.retrain.epochs=2",
         "--set", "stages.prune.epochs=3", "--set", "stages.prune.steps=2",
         "--set", "checkpoint.steps=3", "--workers", "1"]


def finished(folder, *options):
    done = nas("run", CONFIG, "--out", folder, *SHORT, *options)
    assert done.returncode == 0, done.stderr
    return done


def result(folder):
    """best/pruned/metrics.json without what is measured anew each time, and the weights."""
    metrics = json.loads((folder / "best" / "pruned" / "metrics.json").read_text())
    for part in (*metrics["prunings"], metrics["mean"], metrics["deviation"]):
        for when in ("before", "after"):
            part[when].pop("latency")
    return metrics, (folder / "best" / "pruned" / "weights.safetensors").read_bytes()


class Prune(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name, "run")
        cls.first = finished(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_it_halves_the_multiply_adds_and_says_what_that_cost(self):
        metrics, _ = result(self.folder)
        self.assertEqual(len(metrics["prunings"]), 2)
        for pruning in metrics["prunings"]:
            before, after = pruning["before"], pruning["after"]
            self.assertLessEqual(2 * after["multiply_adds"], before["multiply_adds"])
            self.assertGreater(after["test_accuracy"], 30)
            self.assertTrue(any(layer["kept"] < layer["channels"] for layer in pruning["layers"]))
            self.assertTrue(all(layer["kept"] % 16 == 0 for layer in pruning["layers"]))
        self.assertIn("pruned (mean of 2 seeds)", self.first.stdout)
        self.assertIn("best/pruned/weights.safetensors", self.first.stdout)

    def test_the_weights_are_those_of_the_smaller_network(self):
        metrics, _ = result(self.folder)
        tensors, metadata = read_safetensors(self.folder / "best" / "pruned" / "weights.safetensors")
        numbers = 0
        for name, (_, shape, _) in tensors.items():
            if not name.endswith(("running_mean", "running_var")):
                size = 1
                for length in shape:
                    size *= length
                numbers += size
        self.assertEqual(numbers, metrics["prunings"][0]["after"]["parameters"])
        for name, channels in json.loads(metadata["kept"]).items():
            self.assertEqual(tensors[name + ".weight"][1][0], len(channels))

    def test_what_is_done_is_not_done_again(self):
        again = nas("resume", self.folder)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertNotIn("fine-tuning", again.stdout)
        self.assertIn("pruned (mean of 2 seeds)", again.stdout)

    def test_killed_or_stopped_prunings_end_like_one_left_alone(self):
        with scratch() as name:
            folder = pathlib.Path(name, "run")
            for stop, status in ((signal.SIGKILL, -9), (signal.SIGTERM, 75), (signal.SIGKILL, -9)):
                printed, ended = stop_at_line("fine-tuning: epoch", stop, "run", CONFIG, "--out", folder,
                                              *SHORT)
                self.assertTrue(printed)
                self.assertEqual(ended, status)
            finished(folder)
            self.assertEqual(result(folder), result(self.folder))

    def test_networks_of_an_earlier_run_are_pruned_by_command(self):
        with scratch() as name:
            command = ["prune", self.folder, "--retraining", 1, "--to", f"{name}/small", "--set",
                       "stages.prune.multiply_adds=0.4", "--set", "stages.prune.steps=1"]
            done = nas(*command)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("multiply_adds", done.stdout)
            metrics = json.loads(pathlib.Path(name, "small", "metrics.json").read_text())
            self.assertLessEqual(metrics["after"]["multiply_adds"],
                                 0.4 * metrics["before"]["multiply_adds"])
            other = nas(*command, "--set", "stages.prune.criterion=random")
            self.assertEqual(other.returncode, 2)
            self.assertIn("another pruning", other.stderr)
            missing = nas("prune", self.folder, "--retraining", 5, "--to", f"{name}/x")
            self.assertEqual(missing.returncode, 2)
            self.assertIn("no retrained network 5", missing.stderr)

    def test_masks_are_made_by_stage_and_command_and_say_how_many_zeros(self):
        with scratch() as name:
            folder = pathlib.Path(name, "run")
            done = finished(folder, "--set", "stages.prune={mask: unstructured, epochs: 1}",
                            "--set", "stages.retrain={seeds: 1, epochs: 1, calibrate: true}")
            self.assertRegex(done.stdout, r"zero_weights +[\d.]+ % -> [\d.]+ %")
            retrained = read_safetensors(folder / "best" / "weights.safetensors")[1]
            self.assertIn("temperature", retrained)
            pruned = read_safetensors(folder / "best" / "pruned" / "weights.safetensors")[1]
            self.assertNotIn("temperature", pruned)
            done = nas("prune", folder, "--to", f"{name}/small", "--set", "stages.prune.mask=2:4")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("zero_weights: ", done.stdout)
            metrics = json.loads(pathlib.Path(name, "small", "metrics.json").read_text())
            self.assertLess(metrics["before"]["zero_weights"], metrics["after"]["zero_weights"])

    def test_a_file_in_the_place_of_the_folder_is_told_before_any_work(self):
        with scratch() as name:
            file = pathlib.Path(name, "file")
            file.write_text("")
            for to, found in ((file, "a file"), (file / "x", "a file"), ("", "an empty path")):
                done = nas("prune", self.folder, "--to", to)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(f"{found}, expected", done.stderr)

    def test_the_pruned_network_is_exported(self):
        with scratch() as name:
            for to_format, file in (("torchscript", "net.pt"), ("safetensors", "net.safetensors")):
                done = nas("export", self.folder, "--pruned", "--format", to_format, "--to",
                           f"{name}/{file}")
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLess(pathlib.Path(name, "net.safetensors").stat().st_size,
                            0.8 * (self.folder / "best" / "weights.safetensors").stat().st_size)

    def test_mistakes_are_named(self):
        for change, named in (("stages.prune.criterion=size", "taylor"),
                              ("stages.prune.multiply_adds=1", "both 1"),
                              ("stages.prune.multiple_of=0", "multiple_of")):
            done = nas("run", CONFIG, "--out", "/nowhere", "--set", change)
            self.assertEqual(done.returncode, 2, change)
            self.assertIn(named, done.stderr)
        with scratch() as name:
            text = CONFIG.read_text().replace("  retrain: {seeds: 3, epochs: 40}\n", "")
            config = pathlib.Path(name, "c.yaml")
            config.write_text(text)
            done = nas("run", config, "--out", f"{name}/run")
            self.assertEqual(done.returncode, 2)
            self.assertIn("add the stage retrain", done.stderr)


if __name__ == "__main__":
    unittest.main()
