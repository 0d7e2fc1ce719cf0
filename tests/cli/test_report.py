"""report.html in a real browser: it draws, complains of nothing, fits a phone, opens fast. Needs no
LibTorch, and chromium."""

import json
import pathlib
import random
import sys
import unittest

from support import ROOT, nas, scratch, write

sys.path.insert(0, str(ROOT / "tools"))
from browser import CHROMIUM, MISSING, Browser  # noqa: E402

HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>"
CONFIG = """\
experiment: {name: "runs <b>boldly", seed: 3}
space:
  type: parameters
  parameters:
    rate: {type: float, low: 1e-5, high: 1, log: true}
    "<i>width": {type: int, low: 8, high: 512, log: true}
    kind: {type: categorical, choices: [sgd, "<u>adam", rmsprop]}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}, {metric: cost, goal: minimize}]
budget: {trials: 20}
workers: 1
evaluator: {type: command, command: [python3, objective.py], timeout: 60s}
stages: {report: {price_per_hour: 36, power: 500}}
"""
PROGRAM = f"""\
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["trial"] % 7 == 3:
        print(json.dumps({{"error": {HOSTILE!r}}}), flush=True)
        continue
    loss = abs(asked["point"]["rate"] - 0.01) + asked["trial"] % 3
    for step in (1, 2):
        print(json.dumps({{"progress": step, "metrics": {{"loss": loss + 1 / step}}}}), flush=True)
        sys.stdin.readline()
    print(json.dumps({{"metrics": {{"loss": loss, "cost": asked["point"]["<i>width"]}}}}), flush=True)
"""
LARGE = """\
experiment: {name: large, seed: 1}
space:
  type: parameters
  parameters:
    rate: {type: float, low: 1e-5, high: 1, log: true}
    width: {type: int, low: 8, high: 512, log: true}
    kind: {type: categorical, choices: [sgd, adam, rmsprop]}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}, {metric: cost, goal: minimize}]
budget: {trials: 10001}
"""
DRAWN = "!document.documentElement.hasAttribute('aria-busy')"


@unittest.skipUnless(CHROMIUM, MISSING)
class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        cls.folder = pathlib.Path(cls.scratch.name)
        write(cls.folder / "objective.py", PROGRAM)
        write(cls.folder / "c.yaml", CONFIG)
        done = nas("run", "c.yaml", "--out", "run", "--quiet", cwd=cls.folder)
        assert done.returncode == 0, done.stderr
        cls.url = (cls.folder / "run" / "report.html").as_uri()
        cls.browser = Browser().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.browser.__exit__()
        cls.scratch.cleanup()

    def open(self, **how):
        page = self.browser.open(self.url, **how)
        page.wait(DRAWN)
        return page

    def test_every_chart_is_drawn_and_the_console_stays_empty(self):
        page = self.open()
        shown = [name for name in ("score-charts", "front-charts", "curve-charts", "parallel-charts")
                 if page.evaluate(f"document.querySelectorAll('#{name} canvas').length") > 0]
        self.assertEqual(len(shown), 4, shown)
        self.assertEqual(page.evaluate("document.querySelectorAll('#trial-table tbody tr').length"), 20)
        self.assertEqual(page.complaints, [])

    def test_no_text_of_a_run_becomes_markup(self):
        page = self.open()
        self.assertEqual(page.evaluate("document.title"), "runs <b>boldly")
        self.assertEqual(page.evaluate("document.querySelectorAll('main b:not(.figure b), main i:not("
                                       ".legend i), main u, img').length"), 0)
        self.assertIn(HOSTILE, page.evaluate("document.getElementById('failures').textContent"))
        # A tooltip is the one place where a text goes through HTML on its way.
        page.evaluate("charts[0].drawing.dispatchAction({type: 'showTip', seriesIndex: 2, dataIndex: 0})")
        self.assertIn("onerror", page.evaluate("charts[0].div.textContent"))
        self.assertEqual(page.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertEqual(page.complaints, [])

    def test_a_phone_scrolls_down_only(self):
        page = self.open(width=360, height=740, phone=True)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), 360)
        self.assertEqual(page.complaints, [])

    def test_colours_follow_the_reader_without_a_reload(self):
        page = self.open(dark=True)
        paper = "getComputedStyle(document.body).backgroundColor"
        ink = "charts[0].drawing.getOption().series[1].lineStyle.color"
        dark = page.evaluate(paper), page.evaluate(ink)
        page.scheme(dark=False)
        page.wait(f"{ink} !== {json.dumps(dark[1])}")
        self.assertEqual(page.evaluate(paper), "rgb(255, 255, 255)")
        self.assertNotEqual(dark[0], "rgb(255, 255, 255)")

    def test_it_prints(self):
        self.assertGreater(len(self.open(dark=True).pdf()), 20_000)

    def test_the_table_is_sorted_and_filtered(self):
        page = self.open()
        first = "document.querySelector('#trial-table tbody tr').cells[{}].textContent"
        page.evaluate("[...document.querySelectorAll('#trial-table th button')].find("
                      "button => button.textContent === 'loss').click()")
        losses = page.evaluate("[...document.querySelectorAll('#trial-table tbody tr')].map("
                               "row => row.cells[2].textContent).filter(text => text).map(Number)")
        self.assertEqual(losses, sorted(losses))
        page.evaluate("const box = document.querySelector('#trial-table input'); box.value = 'onerror';"
                      "box.dispatchEvent(new Event('input'))")
        self.assertEqual(page.evaluate(first.format(1)), "failed")
        self.assertEqual(page.evaluate("document.querySelectorAll('#trial-table tbody tr').length"), 3)

    def test_a_brush_over_a_choice_is_kept_in_the_table(self):
        page = self.open()
        page.evaluate("const chart = charts.find(one => one.rows); chart.drawing.dispatchAction({type: "
                      "'axisAreaSelect', parallelAxisId: chart.drawing.getModel().getComponent("
                      "'parallelAxis', 3).id, intervals: [[-1, 0.999]]})")
        shown = "[...document.querySelectorAll('#trial-table tbody tr')].map(row => +row.cells[2].textContent)"
        page.wait("document.querySelectorAll('#trial-table tbody tr').length < 17")
        self.assertTrue(page.evaluate(shown))
        self.assertTrue(all(loss < 1 for loss in page.evaluate(shown)))

    def test_money_and_energy_are_estimated(self):
        self.assertIn("kWh", self.open().evaluate("document.getElementById('cost').textContent"))


@unittest.skipUnless(CHROMIUM, MISSING)
class LargeReport(unittest.TestCase):
    def test_ten_thousand_trials_open_in_three_seconds(self):
        with scratch() as name, Browser() as browser:
            folder = pathlib.Path(name)
            write(folder / "c.yaml", LARGE)
            draw = random.Random(1)
            lines = [f"{10 ** draw.uniform(-5, 0):.6g},{draw.randint(8, 512)},"
                     f"{draw.choice(['sgd', 'adam', 'rmsprop'])},{draw.uniform(0, 3):.6f},"
                     f"{draw.uniform(1, 9):.6f}" for _ in range(10_000)]
            write(folder / "known.csv", "\n".join(["rate,width,kind,loss,cost", *lines]) + "\n")
            for command in (("import", "c.yaml", "--out", "run", "--csv", "known.csv"),
                            ("report", "run")):
                done = nas(*command, cwd=folder)
                self.assertEqual(done.returncode, 0, done.stderr)
            self.assertLess((folder / "run" / "report.html").stat().st_size, 3_500_000)
            seconds = []
            for _ in range(3):  # of a machine that others use, too, the best of three
                page = browser.open((folder / "run" / "report.html").as_uri())
                page.wait(DRAWN)
                seconds.append(page.evaluate("performance.now()") / 1000)
                self.assertEqual(page.complaints, [])
            self.assertLess(min(seconds), 3)
            print(f"opened in {min(seconds):.2f} s")


if __name__ == "__main__":
    unittest.main()
