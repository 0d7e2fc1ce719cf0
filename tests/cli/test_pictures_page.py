"""The case of docs/cases/pictures.md: its commands run, shortened, on the real pictures."""

import pathlib
import unittest

from support import DATA, commands_of, run_page, scratch

SHORT = {"train": ["--set", "evaluator.epochs=1", "--set", "data.limit=300", "--set",
                   "data.image_size=8"]}
SHORT["run"] = [*SHORT["train"], "--set", "budget.trials=5", "--set", "controller.population=2",
                "--set", "controller.sample=1", "--set", "controller.warm_start.points=3",
                "--set", "stages.retrain.epochs=1", "--set", "stages.retrain.seeds=1",
                "--set", "stages.retrain.warmup_epochs=0"]


@unittest.skipUnless((DATA / "cifar10").exists(), f"no CIFAR-10 in {DATA}")
class Page(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of("docs/cases/pictures.md")
        self.assertEqual(len(commands), 2)
        with scratch() as folder:
            run_page(self, commands, SHORT, folder)
            self.assertTrue(pathlib.Path(folder, "runs/pictures/best/int8/metrics.json").exists())
            for exported in ("network.onnx", "network_int8.onnx", "c_int8"):
                self.assertTrue(pathlib.Path(folder, "runs/pictures/best/export", exported).exists())


if __name__ == "__main__":
    unittest.main()
