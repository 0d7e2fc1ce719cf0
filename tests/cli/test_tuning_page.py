"""Every command of docs/tuning.md works as it stands there. Needs no LibTorch."""

import os
import re
import shlex
import subprocess
import unittest

from support import NAS, ROOT, commands_of, scratch, write


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "tuning.md").read_text(), re.S)


class TuningPage(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of("docs/tuning.md")
        self.assertGreaterEqual(len(commands), 10)
        with scratch() as folder:
            write(f"{folder}/objective.py", blocks("python")[0])
            write(f"{folder}/tune.yaml", blocks("yaml")[0])
            write(f"{folder}/known.csv", "x,y,loss\n1,0.5,1.5\n-3,0.25,25.25\n")
            for command in commands:
                program, *arguments = shlex.split(command)
                self.assertEqual(program, "nas")
                with self.subTest(command=command):
                    done = subprocess.run([NAS, *arguments], cwd=folder, capture_output=True,
                                          text=True, timeout=300, env={**os.environ})
                    self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
