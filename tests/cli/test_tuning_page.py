"""Every command of docs/tuning.md works as it stands there. Needs no LibTorch."""

import unittest

from support import blocks_of, commands_of, run_page, scratch, write

PAGE = "docs/tuning.md"


class TuningPage(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of(PAGE)
        self.assertGreaterEqual(len(commands), 10)
        with scratch() as folder:
            write(f"{folder}/objective.py", blocks_of(PAGE, "python")[0])
            write(f"{folder}/tune.yaml", blocks_of(PAGE, "yaml")[0])
            write(f"{folder}/known.csv", "x,y,loss\n1,0.5,1.5\n-3,0.25,25.25\n")
            run_page(self, commands, {}, folder, called="nas")


if __name__ == "__main__":
    unittest.main()
