"""Spaces of parameters: what they hold, their text, and their mistakes. Needs no LibTorch."""

import json
import math
import unittest

from support import nas, nas_json, scratch, write

GOOD = """\
space:
  type: parameters
  parameters:
    lr:    {type: float, low: 1e-5, high: 1, log: true}
    width: {type: int, low: 8, high: 512, log: true}
    opt:   {type: categorical, choices: [sgd, adam, adamw]}
    momentum: {type: float, low: 0, high: 0.99, when: {opt: sgd}}
    beta:  {type: float, low: 0.9, high: 0.99, when: {opt: [adam, adamw]}}
    batch: {value: 64}
controller: {type: random}
evaluator: {type: table, path: c.yaml}
"""


class Parameters(unittest.TestCase):
    def listed(self, text, *arguments):
        with scratch() as folder:
            return nas_json("space", write(f"{folder}/c.yaml", text), *arguments)

    def refused(self, text):
        with scratch() as folder:
            done = nas("space", write(f"{folder}/c.yaml", text))
            self.assertEqual(done.returncode, 2)
            return done.stderr

    def test_the_space_lists_its_choices(self):
        space = self.listed(GOOD)
        self.assertEqual([choice["name"] for choice in space["choices"]],
                         ["lr", "width", "opt", "momentum", "beta", "batch"])
        self.assertEqual(space["choices"][0],
                         {"name": "lr", "type": "float", "low": 1e-5, "high": 1.0, "log": True})
        self.assertEqual(space["choices"][4]["when"], {"opt": ["adam", "adamw"]})
        self.assertIsNone(space["size"])

    def test_ordered_values_steps_and_conditions_on_numbers(self):
        space = self.listed("""\
space:
  type: parameters
  parameters:
    batch:  {type: ordered, choices: [16, 32, 64]}
    size:   {type: ordered, choices: [small, large]}
    share:  {type: float, low: 0, high: 0.5, step: 0.1}
    layers: {type: int, low: 1, high: 4}
    skip:   {type: int, low: 2, high: 8, step: 2, when: {layers: [3, 4]}}
    norm:   {type: categorical, choices: [a, b], when: {batch: 32}}
controller: {type: random}
evaluator: {type: table, path: c.yaml}
""", "--sample", 300)
        choices = {choice["name"]: choice for choice in space["choices"]}
        self.assertEqual(choices["batch"]["type"], "ordered")
        self.assertEqual(choices["batch"]["options"], [16, 32, 64])
        self.assertEqual(choices["size"]["options"], ["small", "large"])
        self.assertEqual(choices["share"]["options"], [0, 0.1, 0.2, 0.3, 0.4, 0.5])
        self.assertEqual(choices["skip"]["options"], [2, 4, 6, 8])
        self.assertEqual(choices["skip"]["when"], {"layers": [3, 4]})
        self.assertEqual(choices["norm"]["when"], {"batch": ["32"]})
        self.assertEqual(space["size"], 2 * 6 * (2 * 1 + 2 * 4) * (1 + 2 + 1))
        for entry in space["points"]:
            point = entry["point"]
            self.assertIn(point["batch"], [16, 32, 64])
            self.assertEqual("skip" in point, point["layers"] >= 3)
            self.assertEqual("norm" in point, point["batch"] == 32)
            self.assertEqual(json.loads(entry["arch"]), point)

    def test_constraints_between_parameters_are_kept(self):
        space = self.listed("""\
space:
  type: parameters
  parameters:
    width: {type: int, low: 1, high: 100}
    depth: {type: int, low: 1, high: 100}
    low:   {type: float, low: 0, high: 1}
    high:  {type: float, low: 0, high: 1}
  constraints: [width * depth <= 500, low < high]
controller: {type: random}
evaluator: {type: table, path: c.yaml}
""", "--sample", 200)
        self.assertEqual(space["choices"][1]["constraints"], ["width * depth <= 500"])
        self.assertEqual(space["choices"][3]["constraints"], ["low < high"])
        for entry in space["points"]:
            point = entry["point"]
            self.assertLessEqual(point["width"] * point["depth"], 500)
            self.assertLess(point["low"], point["high"])

    def test_points_keep_ranges_and_conditions(self):
        points = self.listed(GOOD, "--sample", 400)["points"]
        for entry in points:
            point = entry["point"]
            self.assertTrue(1e-5 <= point["lr"] <= 1 and 8 <= point["width"] <= 512)
            self.assertEqual("momentum" in point, point["opt"] == "sgd")
            self.assertEqual("beta" in point, point["opt"] != "sgd")
            self.assertEqual(point["batch"], 64)
            self.assertEqual(json.loads(entry["arch"]), point)
        below = sum(math.log10(entry["point"]["lr"]) < -2.5 for entry in points)
        self.assertTrue(140 < below < 260, below)  # half of the logarithms

    def test_a_space_of_whole_numbers_and_options_is_counted_with_its_conditions(self):
        space = self.listed("""\
space:
  type: parameters
  parameters:
    opt: {type: categorical, choices: [a, b]}
    n:   {type: int, low: 1, high: 10, when: {opt: b}}
controller: {type: random}
evaluator: {type: table, path: c.yaml}
""")
        self.assertEqual(space["size"], 11)

    def test_every_mistake_is_told_with_its_line(self):
        mistakes = self.refused("""\
space:
  type: parameters
  parameters:
    lr: {type: float, low: 0, high: 1, log: true}
    width: {type: int, low: 80, high: 8}
    opt: {type: categorical, choices: [sgd, adam, sgd]}
    a: {type: float, low: 0, high: 1, when: {opt: sdg}}
    b: {type: float, low: 0, high: 1, when: {c: x}}
    c: {type: flaot, low: 0, high: 1}
    d: {type: float, low: 0, hihg: 1}
    e: {low: 3}
    f: {type: categorical, choices: []}
    g: {type: int, low: 0, high: 1, when: {opt: sgd, lr: 1}}
    h: {type: float, low: 1, high: 2, log: true, step: 0.1}
    i: {type: float, low: 1, high: 2, step: -1}
    j: {type: int, low: 0, high: 5, when: {width: 7}}
    k: {type: int, low: 0, high: 5, step: 0.5}
    l: {type: int, low: 0, high: 5, when: {opt: []}}
  constraints: [width * lr <= 3, width < depth, opt > 2, width = 3]
controller: {type: random}
evaluator: {type: table, path: c.yaml}
""")
        for line, key, problem in [
                (4, "lr.low", "more than 0"), (5, "width.high", "at least low, 80"),
                (6, "opt.choices", "'sgd' twice"), (7, "a.when", "'sdg', expected one of sgd"),
                (8, "b.when", "stands before this one"), (9, "c.type", "did you mean 'float'"),
                (10, "d.high", "missing"), (10, "d.hihg", "did you mean 'high'"),
                (11, "e.type", "missing"), (12, "f.choices", "is empty"),
                (13, "g.when", "found 2 conditions"), (14, "h.step", "expected none beside log"),
                (15, "i.step", "expected more than 0"), (16, "j.when", "found '7'"),
                (17, "k.step", "a whole number"), (18, "l.when", "no values of opt")]:
            self.assertRegex(mistakes, rf"c\.yaml:{line}:\d+: space\.parameters\.{key}: .*{problem}")
        for problem in ["'depth'.*name of a parameter", "'opt > 2'.*numbers", "'= 3'.*comparison"]:
            self.assertRegex(mistakes, rf"c\.yaml:19:\d+: space\.constraints: .*{problem}")

    def test_a_setting_reaches_a_parameter_whose_name_has_dots(self):
        text = GOOD.replace("    batch:", "    model.lr.max: {type: int, low: 1, high: 2}\n    batch:")
        space = self.listed(text, "--set", "space.parameters.model.lr.max.high=5")
        self.assertEqual(space["choices"][5],
                         {"name": "model.lr.max", "type": "int", "low": 1, "high": 5, "log": False})

    def test_a_space_without_parameters_is_refused(self):
        done = nas("space", "parameters")
        self.assertEqual(done.returncode, 2)
        self.assertIn("space.parameters: missing", done.stderr)


if __name__ == "__main__":
    unittest.main()
