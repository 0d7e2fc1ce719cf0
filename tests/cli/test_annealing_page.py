"""Every command of docs/cases/quantum_annealing.md works as it stands there. Needs no LibTorch."""

import os
import pathlib
import re
import shlex
import subprocess
import unittest

from support import DATA, NAS, ROOT, commands_of, scratch, write

PAGE = (ROOT / "docs" / "cases" / "quantum_annealing.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


@unittest.skipUnless((DATA / "nas_bench_201").exists(), f"no NAS-Bench-201 table in {DATA}")
class AnnealingPage(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of("docs/cases/quantum_annealing.md")
        self.assertGreaterEqual(len(commands), 8)
        with scratch() as folder:
            pathlib.Path(folder, "configs").symlink_to(ROOT / "configs")
            write(f"{folder}/channels.json", blocks("json")[0])
            for command in commands:
                program, *arguments = shlex.split(command)
                self.assertEqual(program, "nas")
                with self.subTest(command=command):
                    arguments = [a.replace("$NAS_DATA", str(DATA)) for a in arguments]
                    done = subprocess.run([NAS, *arguments], cwd=folder, capture_output=True, text=True,
                                          timeout=300, env={**os.environ, "NAS_DATA": str(DATA)})
                    self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
