"""`nas init` looks at data and writes a configuration that `nas run` takes as it is."""

import gzip
import pathlib
import unittest

import generated_data
from support import nas, nas_json, scratch, write

SHORT = ["--set", "budget.trials=1", "--set", "evaluator.epochs=1", "--set",
         "stages.retrain.seeds=1", "--set", "stages.retrain.epochs=1", "--workers", "1", "--device",
         "cpu"]


class Init(unittest.TestCase):
    def goes_through(self, folder, data, *arguments):
        """Writes a configuration for `data`, runs it briefly and returns its text."""
        config = pathlib.Path(folder, "mine.yaml")
        done = nas("init", data, "-o", config, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = config.read_text()
        for line in text.splitlines():
            self.assertLess(len(line), 140, line)
        run = pathlib.Path(folder, "run")
        done = nas("run", config, "--out", run, *SHORT)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((run / "report.html").exists())
        self.assertTrue(list(run.rglob("*.onnx")), "no network was exported")
        return text

    def test_class_folders_of_pictures(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes")
            text = self.goes_through(folder, f"{folder}/stripes")
            self.assertIn("60 examples of 2 classes:\n#   across (30), upright (30)\n", text)
            self.assertIn('path: "stripes"', text)  # it may be moved with its data
            self.assertIn("image_size: 20", text)
            self.assertIn("channels: 3", text)
            self.assertIn("flip: true", text)

    def test_grey_pictures_stay_grey_and_large_ones_are_made_small(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/g", side=80, count=10, colour=False)
            done = nas("init", f"{folder}/g", "-o", f"{folder}/c.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            text = pathlib.Path(folder, "c.yaml").read_text()
            self.assertIn("image_size: 64", text)
            self.assertIn("channels: 1 ", text)
            self.assertIn("flip: false", text)
            self.assertIn("only 10 examples", text)

    def test_a_table_whose_target_is_guessed(self):
        with scratch() as folder:
            generated_data.table(f"{folder}/payments.csv")
            done = nas("init", f"{folder}/payments.csv", "-o", f"{folder}/c.yaml")
            self.assertEqual(done.returncode, 2)  # fraud is no usual name and stands second
            self.assertIn("--target", done.stderr)
            self.assertIn("fraud (2 different values)", done.stderr)
            text = self.goes_through(folder, f"{folder}/payments.csv", "--target", "fraud")
            self.assertIn('label: "fraud"', text)
            self.assertIn('positive: "yes"', text)
            self.assertIn('without: ["id", "memo", "currency"]', text)
            self.assertIn("column 'id' numbers the rows", text)
            self.assertIn("validation_average_precision", text)  # one in ten is rare
            renamed = pathlib.Path(folder, "payments.csv").read_text().replace("fraud", "Label")
            write(f"{folder}/usual.csv", renamed)
            done = nas("init", f"{folder}/usual.csv", "-o", f"{folder}/usual.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('label: "Label"', pathlib.Path(folder, "usual.yaml").read_text())

    def test_idx_files(self):
        with scratch() as folder:
            generated_data.idx_files(f"{folder}/idx")
            packed = pathlib.Path(folder, "idx", "train-labels-idx1-ubyte")
            with gzip.open(f"{packed}.gz", "wb") as file:
                file.write(packed.read_bytes())
            packed.unlink()
            text = self.goes_through(folder, f"{folder}/idx")
            self.assertIn("0 (20), 1 (20), 2 (20)", text)
            self.assertIn("The data bring their own test examples", text)

    def test_cifar_files(self):
        with scratch() as folder:
            generated_data.cifar_files(f"{folder}/cifar")
            self.assertIn("dataset: cifar10", self.goes_through(folder, f"{folder}/cifar"))

    def test_recordings_in_class_folders_and_by_name(self):
        with scratch() as folder:
            generated_data.sounds(f"{folder}/tones")
            text = self.goes_through(folder, f"{folder}/tones")
            self.assertIn("40 examples of 2 classes:\n#   falling (20), rising (20)\n", text)
            self.assertIn("recordings of 0.50 to 0.50 seconds at 8000 Hz", text)
            self.assertIn("seconds: 0.57 ", text)
            generated_data.sounds(f"{folder}/flat", name="{label}_{number}.wav")
            done = nas("init", f"{folder}/flat", "-o", f"{folder}/c.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('names: "{label}_*"', pathlib.Path(folder, "c.yaml").read_text())

    def test_what_cannot_be_learnt_from_is_refused(self):
        with scratch() as folder:
            generated_data.sounds(f"{folder}/sounds", count=3, name="{number}-{label}.wav")
            pathlib.Path(folder, "empty").mkdir()
            pathlib.Path(folder, "python").mkdir()
            write(f"{folder}/python/data_batch_1", "x")
            pathlib.Path(folder, "flat").mkdir()
            pixels = [[0] * 8 for _ in range(8)]
            generated_data.class_folders(f"{folder}/damaged", count=10)
            for name in ("across", "upright"):
                pathlib.Path(folder, "damaged", name, "3.png").write_bytes(b"broken")
            pathlib.Path(folder, "flat", "a.png").write_bytes(generated_data.png(pixels, False))
            write(f"{folder}/prices.csv", "size,price\n" + "".join(
                f"{i * 1.5},{i * 7.25}\n" for i in range(60)))
            pathlib.Path(folder, "latin.csv").write_bytes(
                "größe,kind\n1,a\n2,b\n".encode("latin-1") * 20)
            for data, said in (("nowhere", "no such file or folder"),
                               ("latin.csv", "latin.csv:1:3: found byte 0xf6, expected text in"),
                               ("sounds", "whose names tell no classes"),
                               ("empty", "found 0 files"),
                               ("python", "expected its binary version"),
                               ("flat", "expected in a class folder"),
                               ("damaged", "damaged: 2 pictures cannot be read; mend them, or take"),
                               ("damaged", "damaged/upright/3.png"),
                               ("flat/a.png", "expected the folder that it is in"),
                               ("prices.csv", "no column looks like classes")):
                with self.subTest(data=data):
                    done = nas("init", f"{folder}/{data}", "-o", f"{folder}/c.yaml")
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(said, done.stderr)
                    self.assertFalse(pathlib.Path(folder, "c.yaml").exists())
            done = nas("init", f"{folder}/prices.csv", "--target", "price", "-o",
                       f"{folder}/c.yaml")
            self.assertEqual(done.returncode, 2)
            self.assertIn("a number cannot be predicted", done.stderr)

    def test_a_file_that_is_there_is_kept_unless_asked(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes", count=10)
            config = write(f"{folder}/c.yaml", "mine\n")
            done = nas("init", f"{folder}/stripes", "-o", config)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--force writes over it", done.stderr)
            self.assertEqual(config.read_text(), "mine\n")
            done = nas("init", f"{folder}/stripes", "-o", config, "--force")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(nas_json("space", config)["name"], "nas_bench_201")


if __name__ == "__main__":
    unittest.main()
