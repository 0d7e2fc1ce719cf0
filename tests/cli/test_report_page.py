"""Every command of docs/report.md works as it stands there. Needs no LibTorch."""

import re
import shlex
import shutil
import signal
import subprocess
import unittest

from support import NAS, ROOT, blocks_of, commands_of, nas, scratch, write

PAGE = "docs/report.md"


class ReportPage(unittest.TestCase):
    def test_its_commands_run_one_after_the_other(self):
        with scratch() as folder:
            shutil.copytree(ROOT / "configs", f"{folder}/configs")
            for program, *arguments in map(shlex.split, commands_of(PAGE)):
                self.assertEqual(program, "nas")
                with self.subTest(arguments=arguments):
                    if arguments[0] == "serve":
                        self.serve_and_interrupt(arguments, folder)
                        continue
                    done = nas(*arguments, cwd=folder)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def serve_and_interrupt(self, arguments, folder):
        server = subprocess.Popen([NAS, *arguments, "--port", "0"], cwd=folder, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertIn("2 runs at http://127.0.0.1:", server.stdout.readline())
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.communicate(timeout=60)[1], "")
        self.assertEqual(server.returncode, 0)

    def test_its_prices_are_keys_of_the_configuration(self):
        prices = blocks_of(PAGE, "yaml")[0]
        branin = (ROOT / "configs" / "parameters" / "branin.yaml").read_text()
        with scratch() as folder:
            shutil.copytree(ROOT / "configs" / "parameters", f"{folder}/configs")
            write(f"{folder}/configs/priced.yaml", re.sub(r"stages:.*", "", branin, flags=re.S) + prices)
            done = nas("run", "configs/priced.yaml", "--out", "run", "--set", "budget.trials=3",
                       cwd=folder)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
