"""The training for int8: what the stage leaves, that a killed one ends the same, and mistakes."""

import json
import pathlib
import shutil
import signal
import unittest

from support import ROOT, nas, read_safetensors, scratch, stop_at_line

CONFIG = ROOT / "configs" / "digits" / "compress.yaml"
SHORT = ["--set", "budget.trials=1", "--set", "evaluator.epochs=1", "--set", "data.limit=600",
         "--set", "space.channels=4", "--set", "stages.retrain.epochs=4",
         "--set", "stages.prune.epochs=2", "--set", "stages.quantize.training.epochs=25",
         "--set", "checkpoint.steps=3", "--workers", "1"]


def finished(folder):
    done = nas("run", CONFIG, "--out", folder, *SHORT)
    assert done.returncode == 0, done.stderr
    return done


def result(folder):
    int8 = folder / "best" / "int8"
    return (int8 / "metrics.json").read_text(), (int8 / "weights.safetensors").read_bytes()


class Quantize(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name, "run")
        cls.first = finished(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_the_pruned_network_is_trained_for_int8(self):
        self.assertIn("training for int8: epoch 25/25", self.first.stdout)
        metrics = json.loads(result(self.folder)[0])
        pruned = json.loads((self.folder / "best" / "pruned" / "metrics.json").read_text())
        self.assertTrue(metrics["trained_for_int8"])
        self.assertEqual(metrics["test_accuracy"], pruned["prunings"][0]["after"]["test_accuracy"])
        self.assertFalse((self.folder / "checkpoints" / "quantize").exists())

    def test_every_layer_is_reported(self):
        layers = json.loads(result(self.folder)[0])["layers"]
        tensors, _ = read_safetensors(self.folder / "best" / "int8" / "weights.safetensors")
        trained = {name.removesuffix(".weight") for name in tensors if name.endswith(".weight")}
        self.assertEqual({layer["name"] for layer in layers}, trained)
        for layer in layers:
            self.assertLess(layer["range"][0], layer["range"][1])
            self.assertGreater(layer["values_db"], 10)
            self.assertLess(layer["beyond_percent"], 20)  # a learnt step may give up the tail
            self.assertLess(layer["sensitivity"], 0.1)

    def test_exports_are_of_the_pruned_network_as_it_was_trained(self):
        export = self.folder / "best" / "export"
        with scratch() as name:
            done = nas("export", self.folder, "--pruned", "--int8", "--format", "c", "--to",
                       f"{name}/c")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(pathlib.Path(name, "c", "network_weights.h").read_bytes(),
                             (export / "c_int8" / "network_weights.h").read_bytes())
            whole = nas("export", self.folder, "--int8", "--format", "c", "--to", f"{name}/whole")
            self.assertEqual(whole.returncode, 0, whole.stderr)
            self.assertGreater(pathlib.Path(name, "whole", "network_weights.h").stat().st_size,
                               (export / "c_int8" / "network_weights.h").stat().st_size)

    def test_what_is_done_is_not_done_again(self):
        before = result(self.folder)
        again = nas("resume", self.folder)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertNotIn("training for int8", again.stdout)
        self.assertEqual(result(self.folder), before)

    def test_the_command_repeats_no_training_but_makes_another(self):
        with scratch() as name:
            folder = pathlib.Path(name, "run")
            shutil.copytree(self.folder, folder)
            same = nas("quantize", folder)
            self.assertEqual(same.returncode, 0, same.stderr)
            self.assertIn("is of this very training", same.stdout)
            self.assertEqual(result(folder), result(self.folder))
            other = nas("quantize", folder, "--set", "stages.quantize.training.epochs=2")
            self.assertEqual(other.returncode, 0, other.stderr)
            self.assertIn("training for int8: epoch 2/2", other.stdout)
            self.assertRegex(other.stdout, r"test accuracy [\d.]+ % in int8")
            self.assertNotEqual(result(folder)[1], result(self.folder)[1])
            self.assertTrue(json.loads(result(folder)[0])["trained_for_int8"])
            for file in ("int8/network.onnx", "export/network_int8.onnx",
                         "export/c_int8/network_weights.h"):
                self.assertIn(file.removesuffix("/network_weights.h") + " is of another network",
                              other.stderr)
                self.assertNotEqual((folder / "best" / file).read_bytes(),
                                    (self.folder / "best" / file).read_bytes())

    def test_a_killed_or_stopped_training_ends_like_one_left_alone(self):
        with scratch() as name:
            folder = pathlib.Path(name, "run")
            for stop, status in ((signal.SIGKILL, -9), (signal.SIGTERM, 75)):
                printed, ended = stop_at_line("training for int8: epoch", stop, "run", CONFIG, "--out", folder,
                                              *SHORT)
                self.assertTrue(printed)
                self.assertEqual(ended, status)
            finished(folder)
            self.assertEqual(result(folder), result(self.folder))

    def test_mistakes_are_named(self):
        done = nas("run", CONFIG, "--out", "/nowhere", "--set",
                   "stages.quantize.training.distillation.weight=2")
        self.assertEqual(done.returncode, 2)
        self.assertIn("distillation", done.stderr)
        with scratch() as name:
            text = CONFIG.read_text().replace("    training: ", "    trainin: ")
            config = pathlib.Path(name, "c.yaml")
            config.write_text(text)
            done = nas("run", config, "--out", f"{name}/run")
            self.assertEqual(done.returncode, 2)
            self.assertIn("c.yaml:14:5: stages.quantize.trainin: unknown key", done.stderr)


if __name__ == "__main__":
    unittest.main()
