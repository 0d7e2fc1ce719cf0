"""The commands of docs/compression.md and docs/export.md, and those of the README that need no data
of the reader's own, run one after the other, shortened."""

import pathlib
import unittest

from support import commands_of, run_page, scratch

SHORT = {"bench": ["--set", "space.channels=4"],
         "run": ["--set", "evaluator.epochs=1", "--set", "budget.trials=2", "--set",
                 "space.channels=4"]}
RETRAINED = [*SHORT["run"], "--set", "stages.retrain.epochs=2", "--set", "stages.retrain.seeds=1"]
PRUNED = ["--set", "stages.prune.epochs=1", "--set", "stages.prune.multiple_of=1"]


class Pages(unittest.TestCase):
    def run_all(self, commands, shortened, made):
        with scratch() as folder:
            run_page(self, commands, shortened, folder)
            for name in made:
                self.assertTrue(pathlib.Path(folder, name).exists(), name)

    def test_compression(self):
        commands = commands_of("docs/compression.md")
        self.assertEqual(len(commands), 4)
        self.run_all(commands, {"run": [*RETRAINED, *PRUNED], "prune": PRUNED},
                     ["small.onnx", "runs/smaller/metrics.json", "runs/given/best/export/c_int8"])

    def test_export(self):
        commands = commands_of("docs/export.md")
        self.assertEqual(len(commands), 7)
        search = "build/bin/nas run configs/quick/digits.yaml --out runs/quickstart"
        self.run_all([search, *commands], {"run": RETRAINED},
                     ["net.onnx", "net.pt", "net_c", "net.safetensors", "net_int8", "net_int8.onnx"])

    def test_latency_in_the_readme(self):
        commands = [line for line in commands_of("README.md") if "latency" in line]
        self.assertEqual(len(commands), 2)
        self.run_all(commands, SHORT, ["latency.json", "runs/digits-latency/report.html"])


if __name__ == "__main__":
    unittest.main()
