"""Recordings from search to export, and the case of docs/cases/speech.md."""

import importlib.util
import json
import math
import pathlib
import random
import struct
import unittest
import wave

from support import DATA, blocks_of, commands_of, nas, read_safetensors, run_page, scratch, write

PAGE = "docs/cases/speech.md"
SHORT = {"train": ["--set", "evaluator.epochs=1", "--set", "data.limit=300"]}
SHORT["run"] = [*SHORT["train"], "--set", "budget.trials=2", "--set", "controller.population=2",
                "--set", "controller.sample=1", "--set", "stages.retrain.epochs=1",
                "--set", "stages.retrain.seeds=1", "--workers", "1"]
CONFIG = """
experiment: {name: tones, seed: 1}
data: {dataset: audio, path: tones, audio: {seconds: 0.2, mels: 16, names: "{label}_*"}}
space: {type: conv1d, stages: 1, depths: [1], widths: [8], kernels: [3]}
controller: {type: random}
evaluator: {type: train, epochs: 6, batch_size: 16, augment: {time_shift: 1, time_mask: 1}}
budget: {trials: 2}
stages: {retrain: {seeds: 1}}
"""


def write_wav(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def generated_tones(folder):
    """Tones that rise or fall, of several lengths, so deep in noise that no network tells all."""
    draw = random.Random(0)
    root = pathlib.Path(folder, "tones")
    root.mkdir()
    for i in range(120):
        rising = i % 2 == 0
        length = draw.randint(1200, 2000)
        turn, samples = 0.0, []
        for j in range(length):
            part = j / length if rising else 1 - j / length
            turn += (600 + 600 * part) / 8000
            value = 0.15 * math.sin(2 * math.pi * turn) + draw.gauss(0, 0.3)
            samples.append(round(32767 * max(-1, min(1, value))))
        write_wav(root / f"{'rising' if rising else 'falling'}_{i}.wav", samples)
    return root


class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.tones = generated_tones(cls.scratch.name)
        cls.config = write(f"{cls.scratch.name}/c.yaml", CONFIG)
        cls.run_folder = pathlib.Path(cls.scratch.name, "run")
        done = nas("run", cls.config, "--out", cls.run_folder, "--workers", "1")
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_the_weights_say_how_spectrograms_are_made(self):
        _, metadata = read_safetensors(self.run_folder / "best" / "weights.safetensors")
        self.assertEqual(json.loads(metadata["log_mel"]),
                         {"sample_rate": 8000, "samples": 1600, "window": 240, "hop": 160, "fft": 256,
                          "mels": 16, "low": 20, "high": 4000, "floor": 1e-6})
        self.assertEqual(len(json.loads(metadata["mean"])), 1)
        self.assertEqual(json.loads(metadata["classes"]), ["falling", "rising"])

    def test_a_c_program_says_so_too_and_takes_no_pixels(self):
        folder = pathlib.Path(self.scratch.name, "c")
        done = nas("export", self.run_folder, "--format", "c", "--to", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        header = next(folder.glob("*.h")).read_text()
        self.assertIn("log_mel: {", header)
        self.assertIn("deviation: ", header)
        self.assertNotIn("pixels", header)

    @unittest.skipIf(any(importlib.util.find_spec(name) is None for name in ("numpy", "onnxruntime")),
                     "this Python has no numpy and onnxruntime")
    def test_the_page_s_features_give_an_exported_network_its_test_accuracy(self):
        import onnxruntime

        # A test split by names, so that this test knows it.
        folder = pathlib.Path(self.scratch.name, "known")
        done = nas("run", self.config, "--out", folder, "--workers", "1",
                   "--set", 'data.audio.test_names="*[02468]?.wav"', "--set", "stages.retrain.epochs=3")
        self.assertEqual(done.returncode, 0, done.stderr)
        onnx = f"{self.scratch.name}/known.onnx"
        done = nas("export", folder, "--format", "onnx", "--to", onnx)
        self.assertEqual(done.returncode, 0, done.stderr)
        page = {}
        exec(blocks_of(PAGE, "python")[0], page)  # what a reader copies
        session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
        facts = session.get_modelmeta().custom_metadata_map
        labels = json.loads(facts["labels"])
        files = sorted(self.tones.glob("*[02468]?.wav"))
        hits = 0
        for file in files:
            found = session.run(None, {"input": page["features"](str(file), facts)})[0]
            hits += file.name.startswith(labels[found.argmax()] + "_")
        metrics = json.loads((folder / "best" / "metrics.json").read_text())
        accuracy = metrics["retrain"][0]["metrics"]["test_accuracy"]
        self.assertAlmostEqual(100 * hits / len(files), accuracy, places=3)

    def test_pictures_augmentation_is_refused(self):
        done = nas("run", self.config, "--out", f"{self.scratch.name}/flip", "--workers", "1",
                   "--set", "evaluator.augment.flip=true")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("only pictures can be augmented like this", done.stderr)

    def test_a_damaged_recording_is_wrong_use(self):
        with scratch() as folder:
            generated_tones(folder)
            path = pathlib.Path(folder, "tones", "rising_0.wav")
            path.write_bytes(path.read_bytes()[:-100])
            done = nas("train", write(f"{folder}/c.yaml", CONFIG), "--out", f"{folder}/run",
                       "--arch", "1x8k3", "--set", "data.test=0")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("rising_0.wav', offset 4: found a size of", done.stderr)


@unittest.skipUnless((DATA / "speech_digits").exists(), f"no spoken digits in {DATA}")
class Page(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of(PAGE)
        self.assertGreaterEqual(len(commands), 3)
        with scratch() as folder:
            run_page(self, commands, SHORT, folder)


if __name__ == "__main__":
    unittest.main()
