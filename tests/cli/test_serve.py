"""nas serve: reports of runs on localhost, live, and nothing else. Needs no LibTorch."""

import http.client
import json
import pathlib
import random
import re
import signal
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from support import NAS, ROOT, nas, scratch, write

sys.path.insert(0, str(ROOT / "tools"))
from browser import CHROMIUM, MISSING, Browser  # noqa: E402

CONFIG = """\
experiment: {name: served, seed: 3}
space: {type: parameters, parameters: {x: {type: float, low: 0, high: 1}}}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 40}
"""


class Serve(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch()
        self.folder = pathlib.Path(self.scratch.name)
        write(self.folder / "c.yaml", CONFIG)
        for run in ("a", "b"):
            self.add_trials(run, [0.5, 0.4])
        self.server = None

    def tearDown(self):
        if self.server:
            self.server.kill()
            self.server.communicate()
        self.scratch.cleanup()

    def add_trials(self, run, losses):
        lines = "".join(f"{loss / 2},{loss}\n" for loss in losses)
        write(self.folder / "known.csv", "x,loss\n" + lines)
        place = (run,) if (self.folder / run).exists() else ("c.yaml", "--out", run)
        done = nas("import", *place, "--csv", "known.csv", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)

    def serve(self, *arguments):
        self.server = subprocess.Popen([NAS, "serve", "--port", "0", *arguments], cwd=self.folder,
                                       text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.server.stdout.readline()
        self.assertIn(" at http://", line, line)
        self.url = line.split(" at ")[1].split()[0]
        self.port = int(self.url.rstrip("/").rsplit(":", 1)[1])

    def get(self, path):
        with urllib.request.urlopen(self.url.rstrip("/") + path, timeout=60) as answer:
            return answer.status, answer.read().decode()

    def status_of(self, path, method="GET", **headers):
        """Sent as it stands: urllib would tidy the path up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def test_several_runs_are_compared_and_each_has_its_report(self):
        self.serve("a", "b")
        self.assertIn("The best score of each run", self.get("/")[1])
        runs = json.loads(self.get("/runs.json")[1])["runs"]
        self.assertEqual([(run["folder"], run["count"], run["best"]) for run in runs],
                         [("a", 2, 0.4), ("b", 2, 0.4)])
        self.assertEqual(runs[0]["trials"], [[0, 0.5], [1, 0.4], [1, 0.4]])
        self.assertIn("<title>served</title>", self.get("/runs/1/")[1])

    def test_a_folder_of_runs_is_all_of_them(self):
        self.serve(".")
        self.assertEqual(len(json.loads(self.get("/runs.json")[1])["runs"]), 2)

    def test_one_run_is_shown_at_once_and_news_only_once(self):
        self.serve("a")
        self.assertIn("<title>served</title>", self.get("/")[1])
        news = json.loads(self.get("/runs/0/news.json")[1])
        self.assertEqual(news["data"]["trials"]["metrics"]["loss"], [0.5, 0.4])
        have = f"/runs/0/news.json?have={news['version']}"
        self.assertEqual(self.get(have), (204, ""))
        self.add_trials("a", [0.1])
        later = json.loads(self.get(have)[1])
        self.assertEqual(later["data"]["trials"]["metrics"]["loss"][-1], 0.1)

    def test_news_are_of_the_trials_that_a_reader_has_not(self):
        self.serve("a")
        version = json.loads(self.get("/runs/0/news.json")[1])["version"]
        self.add_trials("a", [0.1, 0.2])
        for kept, told in ((2, [0.1, 0.2]), (0, [0.5, 0.4, 0.1, 0.2]), ("-1", [0.5, 0.4, 0.1, 0.2])):
            news = json.loads(self.get(f"/runs/0/news.json?have={version}&kept={kept}")[1])
            self.assertEqual(news["data"]["trials"]["metrics"]["loss"], told)
            self.assertEqual(news["data"]["trials"]["from"], 4 - len(told))

    def test_news_of_ten_thousand_trials_come_at_once(self):
        draw = random.Random(1)
        self.add_trials("a", [draw.random() for _ in range(10_000)])
        self.serve("a")
        page = self.get("/runs/0/")[1]
        version = re.search(r'"version":"(\w+)"', page)[1]
        seconds = []
        for _ in range(3):  # of a machine that others use, too, the best of three
            self.add_trials("a", [draw.random()])
            begun = time.monotonic()
            news = json.loads(self.get(f"/runs/0/news.json?have={version}&kept=10002")[1])
            seconds.append(time.monotonic() - begun)
            self.assertGreater(len(news["data"]["trials"]["number"]), 0)
            self.assertLess(len(json.dumps(news)), 100_000)
        self.assertLess(min(seconds), 0.5)
        print(f"news in {1000 * min(seconds):.0f} ms")

    def test_no_path_leads_to_a_file(self):
        self.serve("a")
        for path in ("/config.yaml", "/runs/0/config.yaml", "/runs/0/../../c.yaml", "/../c.yaml",
                     "/runs/0/..%2f..%2fc.yaml", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                     "/runs/7/", "/runs/-1/", "/runs/99999999999999999999/", "/runs/0/news.json/.."):
            with self.subTest(path=path):
                status, text = self.status_of(path)
                self.assertEqual(status, 404)
                self.assertNotIn("root:", text)
                self.assertNotIn("experiment", text)

    def test_only_its_own_names_and_only_reading(self):
        self.serve("a")
        for name in ("evil.example", f"evil.example:{self.port}", "localhost.evil.example", ""):
            with self.subTest(name=name):
                self.assertEqual(self.status_of("/runs/0/", Host=name)[0], 403)
        for name in (f"localhost:{self.port}", "127.0.0.1", "[::1]:80"):
            with self.subTest(name=name):
                self.assertEqual(self.status_of("/runs/0/", Host=name)[0], 200)
        for method in ("POST", "PUT", "DELETE"):
            self.assertEqual(self.status_of("/runs/0/", method)[0], 405)

    def test_it_listens_on_loopback_alone(self):
        self.serve("a")
        hexadecimal = f"0100007F:{self.port:04X}"
        listening = [line.split()[1] for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()
                     if line.split()[3] == "0A" and line.split()[1].endswith(f":{self.port:04X}")]
        self.assertEqual(listening, [hexadecimal])

    def test_an_interrupt_ends_it_cleanly(self):
        self.serve("a")
        self.get("/runs/0/")
        self.server.send_signal(signal.SIGINT)
        self.assertEqual(self.server.wait(timeout=30), 0)
        self.assertEqual(self.server.stderr.read(), "")

    def test_mistakes_are_told(self):
        self.assertEqual(nas("serve", self.folder / "nowhere").returncode, 2)
        self.assertEqual(nas("serve", self.folder / "a", "--port", "70000").returncode, 2)
        self.serve("a")
        taken = nas("serve", self.folder / "a", "--port", self.port)
        self.assertEqual(taken.returncode, 1)
        self.assertIn("cannot listen", taken.stderr)

    @unittest.skipUnless(CHROMIUM, MISSING)
    def test_a_page_follows_the_run_and_keeps_zoom_and_scroll(self):
        self.serve("a", "b")
        with Browser() as browser:
            page = browser.open(self.url + "runs/0/", height=500)
            page.wait("document.getElementById('freshness').textContent === 'live'")
            page.wait("!document.documentElement.hasAttribute('aria-busy')")
            zoom = "JSON.stringify(charts[0].drawing.getOption().dataZoom.map(one => [one.start, one.end]))"
            page.evaluate("charts[0].drawing.dispatchAction({type: 'dataZoom', dataZoomIndex: 0, "
                          "start: 20, end: 60}); document.getElementById('parallel').scrollIntoView()")
            place = "document.getElementById('parallel').getBoundingClientRect().top"
            before = page.evaluate(zoom), page.evaluate(place)
            self.add_trials("a", [0.05])
            page.wait("data.trials.number.length === 3")
            self.assertEqual(page.evaluate("data.trials.metrics.loss"), [0.5, 0.4, 0.05])
            self.assertEqual(page.evaluate("data.choices[0].values"), [0.25, 0.2, 0.025])
            page.wait("document.querySelectorAll('#trial-table tbody tr').length === 3")
            self.assertIn("0.05", page.evaluate("document.getElementById('summary').textContent"))
            self.assertEqual(page.evaluate(zoom), before[0])
            self.assertAlmostEqual(page.evaluate(place), before[1], delta=2)
            self.assertEqual(page.complaints, [])
            runs = browser.open(self.url)
            runs.wait("document.querySelectorAll('canvas').length === 1")
            self.assertEqual(runs.evaluate("document.querySelectorAll('#runs tr').length"), 2)
            self.assertEqual(runs.complaints, [])


if __name__ == "__main__":
    unittest.main()
