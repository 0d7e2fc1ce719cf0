"""Every command of docs/cases/quantum_annealing.md works as it stands there. Needs no LibTorch."""

import unittest

from support import DATA, blocks_of, commands_of, run_page, scratch, write

PAGE = "docs/cases/quantum_annealing.md"


@unittest.skipUnless((DATA / "nas_bench_201").exists(), f"no NAS-Bench-201 table in {DATA}")
class AnnealingPage(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        commands = commands_of(PAGE)
        self.assertGreaterEqual(len(commands), 8)
        with scratch() as folder:
            write(f"{folder}/channels.json", blocks_of(PAGE, "json")[0])
            run_page(self, commands, {}, folder, called="nas")


if __name__ == "__main__":
    unittest.main()
