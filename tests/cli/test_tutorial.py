"""Every command of docs/tutorial.md works as it stands there, on generated pictures."""

import os
import pathlib
import shlex
import subprocess
import sys
import unittest

import generated_data
from support import NAS, blocks_of, commands_of, scratch, write

PAGE = "docs/tutorial.md"
SHORT = ["--set", "budget.trials=2", "--set", "evaluator.epochs=2", "--set",
         "stages.retrain.seeds=1", "--set", "stages.retrain.epochs=6", "--workers", "1"]


def imports_all(*modules):
    code = "".join(f"import {module}\n" for module in modules)
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


class Tutorial(unittest.TestCase):
    def run_command(self, command, folder):
        program, *arguments = shlex.split(command)
        if program == "python3":
            program = sys.executable
        else:
            self.assertEqual(program, "nas")
            program = NAS
            arguments += SHORT if arguments[0] == "run" else []
        done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True,
                              timeout=600, env={**os.environ})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of(PAGE)
        self.assertGreaterEqual(len(commands), 7)
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/flowers")
            flowers = pathlib.Path(folder, "flowers")
            for old, new in (("across", "daisy"), ("upright", "tulip")):
                (flowers / old).rename(flowers / new)
            # Told apart by content, as the program does: a PNG may be called .jpg.
            (flowers / "daisy" / "0.png").rename(flowers / "daisy" / "001.jpg")
            write(f"{folder}/classify.py", blocks_of(PAGE, "python")[0])
            for command in commands:
                with self.subTest(command=command):
                    if command.startswith("python3") and not imports_all("onnxruntime", "PIL"):
                        self.skipTest("no onnxruntime and PIL for Python")
                    printed = self.run_command(command, folder)
                    if command.startswith("python3"):
                        self.assertEqual(printed, "daisy\n")


if __name__ == "__main__":
    unittest.main()
