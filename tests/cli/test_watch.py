"""nas watch: a run of another process, as it goes and when it ends. Needs no LibTorch."""

import pathlib
import subprocess
import time
import unittest

from support import NAS, nas, scratch, write

CONFIG = """\
experiment: {name: watched, seed: 3}
space: {type: parameters, parameters: {x: {type: float, low: 0, high: 1}}}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 4}
workers: 1
evaluator: {type: command, command: [python3, objective.py], timeout: 60s}
"""
# Goes on with each trial when the test lets it.
PROGRAM = """\
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"progress": 1, "metrics": {"loss": 1}}), flush=True)
    sys.stdin.readline()
    while not os.path.exists(f"go-{asked['trial']}"):
        time.sleep(0.02)
    print(json.dumps({"metrics": {"loss": asked["trial"]}}), flush=True)
"""


class Watch(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch()
        self.folder = pathlib.Path(self.scratch.name)
        write(self.folder / "objective.py", PROGRAM)
        write(self.folder / "c.yaml", CONFIG)
        self.started = []

    def tearDown(self):
        for process in self.started:
            process.kill()
            process.communicate()
        self.scratch.cleanup()

    def start(self, *arguments):
        process = subprocess.Popen([NAS, *arguments], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.started.append(process)
        return process

    def go(self, *trials):
        for trial in trials:
            (self.folder / f"go-{trial}").touch()

    def wait_for_log(self, text):
        log = self.folder / "run" / "log.jsonl"
        for _ in range(500):
            if log.exists() and text in log.read_text():
                return
            time.sleep(0.02)
        self.fail(f"the log never said {text}")

    def run_with_one_trial_done(self):
        run = self.start("run", "c.yaml", "--out", "run", "--quiet")
        self.go(0)
        self.wait_for_log('"trial_finished","number":0')
        return run

    def test_trials_are_shown_as_they_end(self):
        run = self.run_with_one_trial_done()
        watch = self.start("watch", "run")
        time.sleep(0.5)
        self.go(1, 2, 3)
        shown, errors = watch.communicate(timeout=60)
        self.assertEqual(watch.returncode, 0, errors)
        lines = shown.splitlines()
        self.assertEqual([line.split()[1] for line in lines[:-1]], ["1", "2", "3"])
        self.assertIn("loss 1.000", lines[0])
        self.assertEqual(lines[-1], "watched: finished")
        self.assertEqual(run.wait(timeout=60), 0)

    def test_a_run_that_is_killed_is_said_to_be(self):
        run = self.run_with_one_trial_done()
        watch = self.start("watch", "run")
        time.sleep(0.5)
        run.kill()
        shown, _ = watch.communicate(timeout=60)
        self.assertEqual(shown.splitlines()[-1], "watched: was killed")
        self.assertEqual(nas("watch", "run", cwd=self.folder).stdout,
                         "watched: not running; it was killed\n")

    def test_a_finished_run_and_no_run(self):
        self.go(0, 1, 2, 3)
        self.assertEqual(nas("run", "c.yaml", "--out", "run", cwd=self.folder).returncode, 0)
        self.assertEqual(nas("watch", "run", cwd=self.folder).stdout,
                         "watched: not running; it finished\n")
        self.assertEqual(nas("watch", "nowhere", cwd=self.folder).returncode, 2)


if __name__ == "__main__":
    unittest.main()
