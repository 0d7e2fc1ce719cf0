"""What a score depends on: nas importance and its part of the report. Needs no LibTorch."""

import html.parser
import pathlib
import random
import unittest

from support import nas, nas_json, scratch, write

CONFIG = """\
space:
  type: parameters
  parameters:
    lr:    {type: float, low: 1e-5, high: 1, log: true}
    opt:   {type: categorical, choices: [sgd, adam, "<b>"]}
    depth: {type: int, low: 1, high: 8}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}]
"""


def known(trials):
    """Trials whose loss is the decades of lr, with a part of opt's; its shares are 0.9 and 0.1."""
    dice = random.Random(2)
    lines = ["lr,opt,depth,loss,constant"]
    for _ in range(trials):
        decades, opt = dice.uniform(-5, 0), dice.choice(["sgd", "adam", "<b>"])
        part = {"sgd": 0, "adam": 0.5893, "<b>": 1.1785}[opt]  # variance 0.2315, 25 / 12 / 9
        lines.append(f"{10 ** decades},{opt},{dice.randint(1, 8)},{decades + part},3")
    return "\n".join(lines) + "\n"


class Tags(html.parser.HTMLParser):
    """The tags that are not closed in the order in which they were opened."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, _):
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, _):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


class Importance(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch()
        self.addCleanup(self.scratch.cleanup)
        self.run = f"{self.scratch.name}/run"

    def import_trials(self, trials):
        done = nas("import", write(f"{self.scratch.name}/c.yaml", CONFIG), "--out", self.run, "--csv",
                   write(f"{self.scratch.name}/k.csv", known(trials)))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_shares_are_those_of_a_known_function_and_the_same_each_time(self):
        self.import_trials(400)
        importance = nas_json("importance", self.run)
        self.assertEqual([p["name"] for p in importance["parameters"]], ["lr", "opt", "depth"])
        shares = [p["importance"] for p in importance["parameters"]]
        self.assertAlmostEqual(shares[0], 0.9, delta=0.04)
        self.assertAlmostEqual(shares[1], 0.1, delta=0.04)
        self.assertLess(shares[2], 0.01)
        self.assertGreater(importance["explained"], 0.95)
        self.assertEqual(importance, nas_json("importance", self.run))
        self.assertRegex(nas("importance", self.run).stdout, r"(?m)^  lr +(8[6-9]|9[0-4])\.\d %$")

    def test_too_few_trials_or_a_constant_metric_are_told(self):
        self.import_trials(9)
        self.assertIn("at least ten complete trials", nas("importance", self.run).stderr)
        self.import_trials(20)
        self.assertEqual(nas("importance", self.run).returncode, 0)
        done = nas("importance", self.run, "--metric", "constant")
        self.assertEqual(done.returncode, 1)
        self.assertIn("whose constant differs", done.stderr)

    def test_the_report_shows_shares_and_a_curve_for_each_that_matters(self):
        self.import_trials(200)
        self.assertEqual(nas("report", self.run).returncode, 0)
        text = pathlib.Path(f"{self.run}/report.html").read_text()
        tags = Tags(text)
        self.assertEqual((tags.open, tags.wrong), ([], []))
        self.assertIn("What the score depends on", tags.texts)
        self.assertIn("log10 lr", tags.texts)
        self.assertIn('aria-label="loss over opt"', text)
        self.assertNotIn('aria-label="loss over depth"', text)
        self.assertIn("<b>", tags.texts)  # the option's name, as text
        self.assertNotIn("nan", text.split("What the score depends on")[1].split("<h2>")[0])

    def test_a_report_of_few_trials_goes_without(self):
        self.import_trials(5)
        self.assertEqual(nas("report", self.run).returncode, 0)
        self.assertNotIn("What the score depends on",
                         pathlib.Path(f"{self.run}/report.html").read_text())


if __name__ == "__main__":
    unittest.main()
