"""Exported networks in the runtimes of others: onnxruntime, PyTorch, a C compiler.

What this Python lacks counts as skipped; PYTHONPATH may name a folder that holds onnx, onnxruntime
and torch. NAS_EXPORT_COUNT: random points of every space, 20 where it is not set.
"""

import ctypes
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from support import NAS, ROOT, nas, scratch, write

TENSOR_TESTS = pathlib.Path(NAS).with_name("tensor_tests")
QUICK = ROOT / "configs" / "quick" / "digits.yaml"
SHORT = ["--set", "budget.trials=2", "--set", "evaluator.epochs=1", "--workers", "1"]


def missing(*names):
    return [name for name in names if importlib.util.find_spec(name) is None]


def needs(*names):
    lacking = missing(*names)
    return unittest.skipIf(lacking, f"this Python has no {', '.join(lacking)}")


def shortest_run(folder, stages):
    """A finished run of one epoch a network."""
    text = QUICK.read_text().split("stages:")[0] + f"stages: {stages}\n"
    config = pathlib.Path(folder, "c.yaml")
    config.write_text(text)
    done = nas("run", config, "--out", f"{folder}/run", *SHORT)
    assert done.returncode == 0, done.stderr
    return pathlib.Path(folder, "run")


class Points(unittest.TestCase):
    """Networks of random points of every space, and of every layer."""

    @classmethod
    def setUpClass(cls):
        cls.folder = scratch()
        os.environ["NAS_EXPORT_POINTS"] = cls.folder.name
        # Threads that wait for each other crawl where the cores are shared with other work.
        done = subprocess.run([TENSOR_TESTS, "[.export_points]"], capture_output=True, text=True,
                              env={**os.environ, "OMP_NUM_THREADS": "1"})
        assert done.returncode == 0, done.stdout
        cls.points = sorted(pathlib.Path(cls.folder.name).glob("*/*"))
        spaces = {point.parent.name for point in cls.points}
        assert len(spaces) > 10 and "layers" in spaces, spaces

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def each(self, run):
        """run(folder, input) -> outputs, held to the module of LibTorch."""
        import numpy
        from numpy_safetensors import read
        for point in self.points:
            with self.subTest(point=f"{point.parent.name} {point.name}"):
                vector = read(point / "network.onnx.test.safetensors")
                given = run(point, vector["input"]).reshape(vector["output"].shape)
                numpy.testing.assert_allclose(given, vector["output"], rtol=0,
                                              atol=1e-4 + 1e-5 * abs(vector["output"]).max())

    @needs("numpy", "onnx", "onnxruntime")
    def test_onnx_passes_the_checker_and_gives_what_libtorch_gives(self):
        import onnx
        import onnxruntime

        def run(point, images):
            file = str(point / "network.onnx")
            onnx.checker.check_model(onnx.load(file), full_check=True)
            session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
            self.assertEqual(session.get_inputs()[0].shape[0], "batch")
            self.assertIn("labels", session.get_modelmeta().custom_metadata_map)
            (all_at_once,) = session.run(None, {"input": images})
            (one,) = session.run(None, {"input": images[:1]})
            self.assertLess(abs(one - all_at_once[:1]).max(), 1e-4 * (1 + abs(one).max()))
            return all_at_once

        self.each(run)

    @needs("numpy", "onnx", "onnxruntime")
    def test_int8_in_onnxruntime_is_what_the_tool_simulates(self):
        import numpy
        import onnx
        import onnxruntime
        from numpy_safetensors import read
        files = [file for point in self.points for file in point.glob("*int8.onnx")]
        for file in files:
            with self.subTest(point=str(file)):
                onnx.checker.check_model(onnx.load(str(file)), full_check=True)
                vector = read(file.with_name(f"{file.name}.test.safetensors"))
                session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
                (given,) = session.run(None, {"input": vector["input"]})
                expected = vector["output"]
                error = numpy.square(given.reshape(expected.shape) - expected).mean()
                # Halves are rounded otherwise, and that goes through the layers; more of it where
                # weights have 16 values.
                most = 0.15 if file.name.startswith("mixed") else 0.05
                self.assertLess(error, most * numpy.square(expected).mean() + 1e-6)
        self.assertGreater(len(files), 200)

    @unittest.skipIf(shutil.which("gcc") is None, "there is no gcc")
    def test_int8_in_c_is_bit_for_bit_what_the_tool_simulates(self):
        folders = [folder for point in self.points for folder in point.glob("*c_int8")]
        self.assertGreater(len(folders), 60)
        for folder in folders:
            with self.subTest(point=str(folder)):
                flags = "CFLAGS=-std=c99 -Wall -Wextra -Wpedantic -Werror -O1"
                done = subprocess.run(["make", "-C", folder, "test", flags, "CC=gcc"],
                                      capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("largest difference 0", done.stdout)

    @needs("numpy", "torch")
    def test_the_module_for_pytorch_gives_what_libtorch_gives(self):
        import torch
        sys.dont_write_bytecode = True
        torch.set_num_threads(1)

        def run(point, images):
            spec = importlib.util.spec_from_file_location("exported", point / "network.py")
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            with torch.no_grad():
                return module.load()(torch.from_numpy(images.copy())).numpy()

        self.each(run)

    @needs("numpy", "torch")
    def test_torchscript_gives_what_libtorch_gives(self):
        import torch
        torch.set_num_threads(1)

        def run(point, images):
            with torch.no_grad():
                return torch.jit.load(point / "network.pt")(torch.from_numpy(images.copy())).numpy()

        self.each(run)

    @needs("numpy")
    @unittest.skipIf(shutil.which("gcc") is None, "there is no gcc")
    def test_the_c_sources_compile_strictly_and_give_what_libtorch_gives(self):
        import numpy

        def run(point, images):
            if not (point / "c").exists():
                return run.read(point / "network.onnx.test.safetensors")["output"]
            library = point / "network.so"
            subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1",
                            "-shared", "-fPIC", point / "c" / "network.c", "-lm", "-o", library],
                           check=True)
            function = ctypes.CDLL(str(library)).network_run
            header = (point / "c" / "network.h").read_text()
            classes = int(re.search(r"NETWORK_CLASSES (\d+)", header).group(1))
            outputs = numpy.zeros((len(images), classes), numpy.float32)
            channels_last = numpy.ascontiguousarray(images.transpose(0, 2, 3, 1))
            for image, output in zip(channels_last, outputs):
                function(ctypes.c_void_p(image.ctypes.data), ctypes.c_void_p(output.ctypes.data))
            return outputs

        from numpy_safetensors import read
        run.read = read
        self.each(run)


class Command(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = shortest_run(cls.scratch.name, "{retrain: {seeds: 1, epochs: 1}, "
                                  "quantize: {samples: 100}, export: {formats: [onnx, c]}}")

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def export(self, format, to, *more):
        done = nas("export", self.folder, "--format", format, "--to", to, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"run by .*: the largest difference|not run to compare it with .*: ")
        return done.stdout

    def test_onnx_is_written_and_run(self):
        out = self.export("onnx", f"{self.scratch.name}/a/net.onnx")
        self.assertIn("net.onnx.test.safetensors", out)
        if not missing("onnxruntime"):
            self.assertIn("run by onnxruntime", out)

    @unittest.skipIf(shutil.which("cc") is None, "there is no cc")
    def test_c_is_compiled_and_run_and_its_makefile_does_it_again(self):
        folder = f"{self.scratch.name}/c"
        self.assertIn("run by", self.export("c", folder))
        done = subprocess.run(["make", "-C", folder, "test"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 of 40 numbers differ", done.stdout)
        if shutil.which("valgrind"):
            done = subprocess.run(["valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
                                   f"{folder}/network_test"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
        undefined = subprocess.run(["nm", "-u", f"{folder}/network.o"], capture_output=True,
                                   text=True).stdout.split()
        self.assertLessEqual(set(undefined) - {"U"}, {"_GLOBAL_OFFSET_TABLE_"})

    def test_torchscript_is_written_and_run(self):
        self.assertIn("run by LibTorch", self.export("torchscript", f"{self.scratch.name}/net.pt"))

    def test_weights_come_with_a_module(self):
        out = self.export("safetensors", f"{self.scratch.name}/net.safetensors")
        self.assertIn("net.py", out)

    def test_a_trial_is_exported_where_its_weights_were_kept(self):
        best = (self.folder / "best" / "metrics.json").read_text()
        number = re.search(r'"trial": (\d+)', best).group(1)
        self.export("onnx", f"{self.scratch.name}/trial.onnx", "--trial", number)
        done = nas("export", self.folder, "--format", "onnx", "--to", f"{self.scratch.name}/t.onnx",
                   "--trial", 1 - int(number))
        self.assertEqual(done.returncode, 2)
        self.assertIn("only the weights of the best trial are kept", done.stderr)

    def test_the_stage_leaves_files_and_is_not_done_again(self):
        export = self.folder / "best" / "export"
        self.assertEqual({path.name for path in export.iterdir()},
                         {"network.onnx", "network.onnx.test.safetensors", "c",
                          "network_int8.onnx", "network_int8.onnx.test.safetensors", "c_int8"})
        before = (export / "network.onnx").stat().st_mtime_ns
        done = nas("resume", self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((export / "network.onnx").stat().st_mtime_ns, before)
        (export / "network.onnx").unlink()
        self.assertEqual(nas("resume", self.folder).returncode, 0)
        self.assertTrue((export / "network.onnx").exists())

    def test_quantization_is_tested_once_and_smaller(self):
        metrics = json.loads((self.folder / "best" / "int8" / "metrics.json").read_text())
        retrained = json.loads((self.folder / "best" / "metrics.json").read_text())["retrain"][0]["metrics"]
        self.assertEqual(metrics["test_accuracy"], retrained["test_accuracy"])
        self.assertGreater(metrics["agreement"], 95)
        self.assertEqual(metrics["examples"], 359)
        export = self.folder / "best" / "export"
        header = (export / "c_int8" / "network.h").read_text()
        whole = (export / "c" / "network.h").read_text()
        sizes = [int(re.search(r"NETWORK_WEIGHT_BYTES (\d+)", text).group(1))
                 for text in (header, whole)]
        self.assertLess(sizes[0], 0.3 * sizes[1])
        self.assertIn("network_run_pixels", header)

    def test_a_bare_name_for_the_scores_lies_in_the_working_folder(self):
        done = nas("export", self.folder, "--int8", "--format", "onnx", "--to", "bare.onnx",
                   "--scores", "sc.json", cwd=self.scratch.name)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("agreement", json.loads(pathlib.Path(self.scratch.name, "sc.json").read_text()))

    def test_int8_is_for_onnx_and_c(self):
        for target in ("x86", "arm"):
            out = self.export("onnx", f"{self.scratch.name}/{target}.onnx", "--int8", "--target", target)
            self.assertIn("in the same class", out)
        done = nas("export", self.folder, "--format", "safetensors", "--int8", "--to",
                   f"{self.scratch.name}/no.safetensors")
        self.assertEqual(done.returncode, 2)
        self.assertIn("expected onnx or c", done.stderr)

    def test_mistakes_of_the_stage_are_named(self):
        for evaluator, stages, problem in (
                ("train", "{export: {formats: [onyx]}}", "found 'onyx'"),
                ("train", "{retrain: {}, quantize: {ranges: least}}", "'least'"),
                ("train", "{quantize: {}}", "stages.quantize: tests the best network"),
                ("zero_cost", "{export: {}}", "nothing trains the best network")):
            text = QUICK.read_text().split("evaluator:")[0]
            config = write(f"{self.scratch.name}/mistake.yaml", f"{text}budget: {{trials: 1}}\n"
                           f"evaluator: {{type: {evaluator}}}\nstages: {stages}\n")
            done = nas("run", config, "--out", f"{self.scratch.name}/mistake")
            self.assertEqual(done.returncode, 2)
            self.assertIn(problem, done.stderr)

    def test_mistakes_are_named(self):
        done = nas("export", self.folder, "--format", "onyx", "--to", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("onyx", done.stderr)
        done = nas("export", self.scratch.name, "--format", "onnx", "--to", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no run here", done.stderr)
        done = nas("export", self.folder, "--format", "safetensors", "--to",
                   f"{self.scratch.name}/net.py")
        self.assertEqual(done.returncode, 2)
        self.assertIn("Python module", done.stderr)
        done = nas("export", self.folder, "--format", "onnx", "--to", "x", "--trial", 99)
        self.assertEqual(done.returncode, 2)
        self.assertIn("found 99, but the run's are 0 to 1", done.stderr)

    def test_places_that_cannot_be_written_to_are_told_before_any_work(self):
        file = write(f"{self.scratch.name}/file", "")
        for to_format, to, found in (("onnx", self.folder, "a folder"), ("onnx", "", "an empty path"),
                                     ("onnx", f"{file}/x", "a file"), ("c", file, "a file")):
            with self.subTest(format=to_format, to=to):
                done = nas("export", self.folder, "--format", to_format, "--to", to)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(f"{found}, expected", done.stderr)


if __name__ == "__main__":
    unittest.main()
