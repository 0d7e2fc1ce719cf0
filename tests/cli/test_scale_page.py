"""The simulation of docs/scale.md: cases whose outcome is known, and the page's command and figures."""

import re
import shlex
import subprocess
import unittest

from support import ROOT


def simulate(*options):
    """Shares of the workers' time in percent by name, and hours."""
    done = subprocess.run([ROOT / "tools" / "simulate_cluster", *map(str, options)], check=True,
                          capture_output=True, text=True)
    shares = {name.strip(): float(value) for name, value in
              re.findall(r"^  ([a-z ]+?) +([\d.]+)%", done.stdout, re.M)}
    return shares, float(re.search(r"in ([\d.]+) hours", done.stdout).group(1))


class ScalePage(unittest.TestCase):
    def test_trials_of_equal_length_keep_all_busy(self):
        shares, hours = simulate("--workers", 10, "--trials", 120, "--spread", 0)
        self.assertEqual(shares["useful"], 100)
        self.assertEqual(hours, 2)

    def test_a_lag_of_one_is_one_after_another(self):
        shares, hours = simulate("--workers", 10, "--trials", 60, "--spread", 0, "--lag", 1)
        self.assertEqual(shares["useful"], 10)
        self.assertEqual(hours, 10)

    def test_every_second_is_accounted_for(self):
        shares, _ = simulate("--workers", 50, "--trials", 2000, "--lifetime", 1, "--lag", 200,
                             "--checkpoint", 300)
        parts = ["useful", "done twice", "away", "without a trial"]
        self.assertAlmostEqual(sum(shares[part] for part in parts), 100, delta=0.2)
        for part in parts:
            self.assertGreater(shares[part], 0)

    def test_the_page_says_what_its_command_prints(self):
        page = (ROOT / "docs" / "scale.md").read_text()
        program, *options = shlex.split(re.search(r"```sh\n(.*?)\n```", page, re.S).group(1))
        self.assertEqual(program, "tools/simulate_cluster")
        shares, _ = simulate(*options)
        row = re.search(r"^\| 2 \|(.*)\|$", page, re.M).group(1).split("|")
        self.assertEqual(row[1].strip(), f"{shares['useful']} %")


if __name__ == "__main__":
    unittest.main()
