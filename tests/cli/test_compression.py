"""Pruning, bits of weights and architecture searched together: what is rejected, trained and exported."""

import json
import pathlib
import re
import shutil
import signal
import subprocess
import unittest

from support import ROOT, nas, nas_json, read_safetensors, scratch, stop_at_line

CONFIGS = ROOT / "configs" / "digits"
SHORT = ["--set", "budget.trials=8", "--set", "data.limit=500", "--set", "evaluator.epochs=1",
         "--set", "evaluator.compression.epochs=1", "--set", "stages.retrain.epochs=2",
         "--set", "stages.retrain.compression.epochs=4", "--set", "checkpoint.steps=3",
         "--set", "space.parts.arch.channels=8", "--set", "constraints=[weight_bytes <= 2500]",
         "--workers", "1"]


def finished(folder):
    done = nas("run", CONFIGS / "joint_compression.yaml", "--out", folder, *SHORT)
    assert done.returncode == 0, done.stderr


def result(folder):
    return ((folder / "best" / "weights.safetensors").read_bytes(),
            (folder / "best" / "metrics.json").read_text(),
            [{key: trial.get(key) for key in ("point", "metrics", "state")}
             for trial in nas_json("trials", folder)])


class Compression(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name, "run")
        finished(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_points_that_are_too_large_are_not_trained(self):
        trials = nas_json("trials", self.folder)
        kept = [t for t in trials if t["state"] == "complete"]
        failed = [t for t in trials if t["state"] == "failed"]
        self.assertTrue(kept and failed)
        for trial in kept:
            self.assertLessEqual(trial["metrics"]["weight_bytes"], 2500)
        for trial in failed:
            self.assertRegex(json.dumps(trial["error"]), r"weight_bytes: found \d+, expected at most 2500")

    def test_weights_are_as_many_as_the_point_says_with_their_bits(self):
        best = nas_json("best", self.folder)
        tensors, metadata = read_safetensors(self.folder / "best" / "weights.safetensors")
        bits = json.loads(metadata["bits"])
        names = [name for name in tensors if name.endswith(".weight") and len(tensors[name][1]) > 1]
        sizes = {name.removesuffix(".weight"): len(tensors[name][2]) // 4 for name in names}
        most = sum((size * bits.get(name, 8) + 7) // 8 for name, size in sizes.items())
        self.assertLessEqual(best["metrics"]["weight_bytes"], most)
        self.assertLessEqual(set(bits.values()), {4})

    def test_the_stages_use_each_layers_bits(self):
        metrics = json.loads((self.folder / "best" / "int8" / "metrics.json").read_text())
        self.assertGreater(metrics["agreement"], 90)
        source = (self.folder / "best" / "export" / "c_int8" / "network.c").read_text()
        _, metadata = read_safetensors(self.folder / "best" / "weights.safetensors")
        self.assertEqual(bool(json.loads(metadata["bits"])), "_4(" in source)

    def test_a_killed_or_stopped_run_ends_like_one_left_alone(self):
        with scratch() as name:
            folder = pathlib.Path(name, "run")
            for stop, status in ((signal.SIGKILL, -9), (signal.SIGTERM, 75)):
                printed, ended = stop_at_line("trial", stop, "run", CONFIGS / "joint_compression.yaml",
                                              "--out", folder, *SHORT)
                self.assertTrue(printed)
                self.assertEqual(ended, status)
            finished(folder)
            self.assertEqual(result(folder), result(self.folder))

    @unittest.skipIf(shutil.which("gcc") is None, "there is no gcc")
    def test_weights_of_four_bits_take_half_the_bytes_in_c(self):
        with scratch() as name:
            sizes = {}
            for bits in (8, 4):
                # Without the bits of the point: those of the command.
                run = pathlib.Path(name, "run")
                if not run.exists():
                    done = nas("run", CONFIGS / "int8.yaml", "--out", run, "--workers", "1",
                               "--set", "budget.trials=1", "--set", "evaluator.epochs=1",
                               "--set", "stages.retrain.epochs=4", "--set", "data.limit=600",
                               "--set", "stages.quantize.weight_bits=4")
                    self.assertEqual(done.returncode, 0, done.stderr)
                to = pathlib.Path(name, f"c{bits}")
                done = nas("export", run, "--int8", "--weight-bits", bits, "--format", "c", "--to", to)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("the largest difference from the int8 network's own outputs is 0",
                              done.stdout)
                header = (to / "network.h").read_text()
                sizes[bits] = int(re.search(r"NETWORK_WEIGHT_BYTES (\d+)", header)[1])
                flags = "CFLAGS=-std=c99 -Wall -Wextra -Wpedantic -Werror -O2"
                subprocess.run(["make", "-C", to, "test", flags, "CC=gcc"], check=True,
                               capture_output=True)
            self.assertLess(sizes[4], 0.75 * sizes[8])
            onnx = (run / "best" / "export" / "network_int8.onnx").stat().st_size
            done = nas("export", run, "--int8", "--format", "onnx", "--to", f"{name}/8.onnx")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLess(onnx, pathlib.Path(name, "8.onnx").stat().st_size)

    def test_mistakes_are_named(self):
        for setting, expected in (
                ("space.parts.small.bits=[4, 6]", "found '6', expected 4 or 8"),
                ("space.parts.small.keep=[0]", "shares above 0 and at most 1"),
                ("stages.quantize.weight_bits=5", "found 5, expected 4 or 8"),
                ("constraints=[weight_bytes <= 5ms]", "expected")):
            done = nas("run", CONFIGS / "joint_compression.yaml", "--out", "/nowhere", "--set", setting)
            self.assertEqual(done.returncode, 2, setting)
            self.assertIn(expected, done.stderr)


if __name__ == "__main__":
    unittest.main()
