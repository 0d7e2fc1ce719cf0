"""Searches that ask an outside program: workers, faults, resume. Needs no LibTorch."""

import importlib.util
import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from support import NAS, ROOT, nas, nas_json, scratch, write

SPACE = """\
experiment: {name: command, seed: 3}
space:
  type: parameters
  parameters:
    lr:  {type: float, low: 1e-5, high: 1, log: true}
    opt: {type: categorical, choices: [sgd, adam]}
    momentum: {type: float, low: 0, high: 0.99, when: {opt: sgd}}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}]
"""

LOOP = """\
import json, os, subprocess, sys, time
open("pids", "a").write(f"{os.getpid()}\\n")
for line in sys.stdin:
    trial = json.loads(line)
    n, point = trial["trial"], trial["point"]
    def say(**what):
        print(json.dumps(what), flush=True)
"""


def setting(folder, body, trials=12, more="", evaluator="timeout: 60s"):
    """A configuration in `folder` whose program runs `body` once a trial."""
    write(f"{folder}/objective.py", LOOP + "".join(f"    {line}\n" for line in body.splitlines()))
    return write(f"{folder}/c.yaml", SPACE + f"""\
evaluator: {{type: command, command: [python3, objective.py], {evaluator}}}
budget: {{trials: {trials}}}
{more}""")


def run(folder, config, *arguments):
    return nas("run", config, "--out", f"{folder}/run", *arguments, cwd=folder, timeout=120)


def timeless(trials):
    return [{k: v for k, v in trial.items() if k not in ("started", "seconds")}
            for trial in trials]


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition, seconds=30):
    """Waits for what must come soon."""
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, "it never came"
        time.sleep(0.02)


class CommandRun(unittest.TestCase):
    def test_the_program_is_started_once_a_worker_and_gets_what_the_trials_say(self):
        body = """\
open("got", "a").write(line)
say(progress=1, metrics={"loss": 9})
assert json.loads(sys.stdin.readline()) == {"stop": False}
print("a word", n, file=sys.stderr, flush=True)
say(metrics={"loss": point["lr"]})"""
        with scratch() as folder:
            done = run(folder, setting(folder, body), "--workers", 2)
            self.assertEqual(done.returncode, 0, done.stderr)
            trials = nas_json("trials", f"{folder}/run")
            got = sorted(map(json.loads, pathlib.Path(f"{folder}/got").read_text().splitlines()),
                         key=lambda one: one["trial"])
            self.assertEqual([(one["trial"], one["point"], one["seed"]) for one in got],
                             [(t["number"], t["point"], t["seed"]) for t in trials])
            self.assertTrue(all(t["metrics"]["loss"] == t["point"]["lr"] for t in trials))
            pids = pathlib.Path(f"{folder}/pids").read_text().split()
            self.assertLessEqual(len(pids), 2)
            self.assertFalse(any(map(alive, pids)))
            logs = "".join(f.read_text() for f in pathlib.Path(f"{folder}/run").glob("program-*.log"))
            self.assertEqual(logs.count("a word"), 12)
            best = nas_json("best", f"{folder}/run")
            self.assertEqual(best["metrics"]["loss"], min(t["point"]["lr"] for t in trials))

    def test_the_number_of_workers_changes_no_trial(self):
        body = "time.sleep(0.01 * (n % 3))\nsay(metrics={'loss': point['lr']})"
        controller = "controller={type: regularized_evolution, population: 5, sample: 2}"
        with scratch() as folder:
            config = setting(folder, body, trials=40)
            config.write_text(config.read_text().replace("controller: {type: random}",
                                                         controller.replace("=", ": ", 1)))
            for workers in (1, 4):
                done = nas("run", config, "--out", f"{folder}/w{workers}", "--workers", workers,
                           cwd=folder)
                self.assertEqual(done.returncode, 0, done.stderr)
            one, four = (timeless(nas_json("trials", f"{folder}/w{n}")) for n in (1, 4))
            self.assertEqual(one, four)

    def test_every_fault_is_a_failed_trial_with_its_reason_and_the_next_goes_on(self):
        body = """\
if n == 1: say(error="does not converge")
elif n == 2: print("last words", file=sys.stderr, flush=True); os._exit(3)
elif n == 3: print("rubbish", flush=True)
elif n == 4: say(metrics={"loss": float("nan")})
elif n == 5: say(metrics={"loss": float("inf")})
elif n == 6: time.sleep(60)
elif n == 7: os.kill(os.getpid(), 9)
elif n == 8: say(metrics={"loss": "low"})
elif n == 9: say(metrics={})
elif n == 10: say(metrics={"loss": None})
elif n == 11: say(metrics={"cost": 1.0})
elif n == 12: print('{"metrics": {"loss": 1e999}}', flush=True)
elif n == 13: print("x" * (17 << 20), flush=True)
elif n == 14: print("\\n" * (3 << 20) + "[1]", flush=True)
elif n == 15: os.kill(os.getpid(), 11)
elif n == 16: os.close(1); time.sleep(60)
else: say(metrics={"loss": 1.0})"""
        with scratch() as folder:
            config = setting(folder, body, trials=18, evaluator="timeout: 5s")
            done = run(folder, config, "--workers", 1)
            self.assertEqual(done.returncode, 0, done.stderr)
            trials = nas_json("trials", f"{folder}/run")
        self.assertEqual([t["number"] for t in trials if t["state"] == "complete"], [0, 17])
        for number, kind, reason in [
                (1, "error", "does not converge"), (2, "crash", "exit status 3: last words"),
                (3, "error", "rubbish"), (4, "nan", "loss"), (5, "nan", "loss"),
                (6, "timeout", "5"), (7, "crash", "signal 9"), (8, "error", "metric loss"),
                (9, "error", "no metric"), (10, "nan", "loss"), (11, "error", "no metric 'loss'"),
                (12, "error", "1e999"), (13, "error", "longer than 16 MiB"), (14, "error", "[1]"),
                (15, "crash", "signal 11"), (16, "crash", "signal 9")]:
            self.assertIn(kind, json.dumps(trials[number]["error"]), number)
            self.assertIn(reason, json.dumps(trials[number]["error"]), number)

    def test_what_a_program_started_ends_with_it(self):
        body = """\
child = subprocess.Popen(["sleep", "300"])
open("children", "a").write(f"{child.pid}\\n")
if n == 0: time.sleep(60)
say(metrics={"loss": 1.0})"""
        with scratch() as folder:
            run(folder, setting(folder, body, trials=3, evaluator="timeout: 1s"), "--workers", 1)
            children = pathlib.Path(f"{folder}/children").read_text().split()
            self.assertEqual(len(children), 3)
            time.sleep(0.2)
            self.assertFalse(any(map(alive, children)))

    def test_a_killed_run_leaves_neither_a_program_nor_what_that_started(self):
        body = """\
open("children", "a").write(f"{subprocess.Popen(['sleep', '300']).pid}\\n")
time.sleep(60)"""
        for victim in ("the run", "a worker", "the run, by SIGINT"):
            with self.subTest(victim=victim), scratch() as folder:
                config = setting(folder, body, trials=2)
                process = subprocess.Popen([NAS, "run", config, "--out", f"{folder}/run",
                                            "--workers", "2", "--quiet"], cwd=folder,
                                           stderr=subprocess.DEVNULL)
                children = pathlib.Path(f"{folder}/children")
                until(lambda: children.exists() and len(children.read_text().split()) == 2)
                started = [*children.read_text().split(),
                           *pathlib.Path(f"{folder}/pids").read_text().split()]
                self.assertTrue(all(map(alive, started)))
                if victim == "a worker":
                    stat = pathlib.Path(f"/proc/{started[-1]}/stat").read_text()
                    os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
                    until(lambda: sum(map(alive, started)) == 2)  # its own two
                process.send_signal(signal.SIGINT if "SIGINT" in victim else signal.SIGKILL)
                process.wait(60)
                until(lambda: not any(map(alive, started)))

    def test_a_program_that_ignores_signals_and_its_input_ends_with_the_search(self):
        body = """\
import signal
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
say(metrics={"loss": 1.0})
if n == 2: time.sleep(300)"""
        with scratch() as folder:
            start = time.time()
            done = run(folder, setting(folder, body, trials=3), "--workers", 1)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertFalse(any(map(alive, pathlib.Path(f"{folder}/pids").read_text().split())))
            self.assertLess(time.time() - start, 60)  # not the program's five minutes

    def test_a_program_that_ends_after_each_answer_costs_no_trial_however_it_ends(self):
        # Gone already, or with the next trial in its pipe.
        for delay, status in ((0, 0), (0.1, 0), (0, 3), (0.1, 3)):
            body = f"say(metrics={{'loss': 1.0}})\ntime.sleep({delay})\nsys.exit({status})"
            with self.subTest(delay=delay, status=status), scratch() as folder:
                done = run(folder, setting(folder, body, trials=6), "--workers", 1)
                self.assertEqual(done.returncode, 0, done.stderr)
                states = [t["state"] for t in nas_json("trials", f"{folder}/run")]
                self.assertEqual(states, ["complete"] * 6)
                self.assertEqual(len(pathlib.Path(f"{folder}/pids").read_text().split()), 6)

    def test_an_answer_at_the_end_of_the_output_needs_no_newline_but_must_be_whole(self):
        for answer, state in (('{"metrics": {"loss": 1}}', "complete"), ('{"metrics": {"lo', "failed")):
            body = f"print({answer!r} if n else json.dumps({{'metrics': {{'loss': 2}}}}), end='')\nsys.exit(0)"
            with self.subTest(answer=answer), scratch() as folder:
                done = run(folder, setting(folder, body, trials=2), "--workers", 1)
                self.assertEqual(done.returncode, 0, done.stderr)
                trials = nas_json("trials", f"{folder}/run")
                self.assertEqual([t["state"] for t in trials], ["complete", state])

    def test_a_program_that_ends_well_without_any_answer_is_a_crash_and_not_asked_for_ever(self):
        with scratch() as folder:
            done = run(folder, setting(folder, "sys.exit(0)", trials=3), "--workers", 1)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, "no trial has a score.*crash.*exit status 0")

    def test_what_a_program_says_on_standard_error_is_kept_but_not_without_bound(self):
        body = """\
sys.stderr.write(("x" * 99 + "\\n") * (130 << 10)); sys.stderr.flush()
print("last of", n, file=sys.stderr, flush=True)
time.sleep(0.5)
say(metrics={"loss": 1.0})"""
        with scratch() as folder:
            done = run(folder, setting(folder, body, trials=2), "--workers", 1)
            self.assertEqual(done.returncode, 0, done.stderr)
            log = pathlib.Path(f"{folder}/run/program-0.log").read_text()
            self.assertLess(len(log), 9 << 20)
            self.assertIn("last of 1\n", log)
            self.assertIn("are left out here", log)

    def test_the_program_has_the_runs_environment_and_the_usual_signals(self):
        script = """\
while read -r trial; do
  (trap '' USR1; yes; echo "yes ended with $?" >&2) | head -n 1 >/dev/null
  echo "$WORD in $PWD" >&2
  echo '{"metrics": {"loss": 1}}'
done"""
        with scratch() as folder:
            write(f"{folder}/there/objective.sh", script)
            config = setting(folder, "", trials=1)
            config.write_text(config.read_text().replace("python3, objective.py",
                                                         "bash, there/objective.sh"))
            os.makedirs(f"{folder}/here")
            done = nas("run", config, "--out", f"{folder}/run", cwd=f"{folder}/here",
                       env={**os.environ, "WORD": "word"})
            self.assertEqual(done.returncode, 0, done.stderr)
            log = pathlib.Path(f"{folder}/run/program-0.log").read_text()
            self.assertIn("yes ended with 141", log)  # killed by SIGPIPE, as in any shell
            self.assertIn(f"word in {os.path.realpath(folder)}/here", log)

    def test_a_point_longer_than_a_pipe_holds_does_not_hang_a_program_that_never_reads(self):
        many = "".join(f"    {'x' * 100}{i}: {{type: float, low: 0, high: 1}}\n" for i in range(900))
        with scratch() as folder:
            config = setting(folder, "", trials=1, evaluator="timeout: 1s")
            write(f"{folder}/objective.py", "import time\ntime.sleep(300)")
            config.write_text(config.read_text().replace("  parameters:\n", "  parameters:\n" + many))
            done = run(folder, config)
            self.assertEqual(done.returncode, 1)
            self.assertIn("timeout", done.stderr)

    def test_a_stopped_search_resumes_to_the_same_trials(self):
        body = "time.sleep(0.1)\nsay(metrics={'loss': point['lr']})"
        with scratch() as folder:
            config = setting(folder, body, trials=30)
            nas("run", config, "--out", f"{folder}/whole", "--workers", 4, cwd=folder)
            process = subprocess.Popen([NAS, "run", config, "--out", f"{folder}/run", "--workers",
                                        "2", "--quiet"], cwd=folder, stderr=subprocess.DEVNULL)
            time.sleep(0.8)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), 75)
            self.assertTrue(nas_json("status", f"{folder}/run")["trials"].get("complete", 0) < 30)
            done = nas("resume", f"{folder}/run", cwd="/")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(*(timeless(nas_json("trials", f"{folder}/{x}")) for x in ("whole", "run")))
            self.assertFalse(any(map(alive, pathlib.Path(f"{folder}/pids").read_text().split())))

    def test_a_job_that_is_ended_from_its_program_upwards_fails_no_trial(self):
        body = """\
if n == 1 and not os.path.exists("ended"):
    open("ended", "w")
    subprocess.Popen(["sh", "-c", f"sleep 0.05; kill -TERM {os.getppid()}"], start_new_session=True)
    sys.exit(3)
say(metrics={"loss": 1.0})"""
        with scratch() as folder:
            done = run(folder, setting(folder, body, trials=3), "--workers", 1)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertTrue(os.path.exists(f"{folder}/ended"))
            self.assertEqual([t["state"] for t in nas_json("trials", f"{folder}/run")], ["complete"] * 3)

    def test_a_program_that_never_reads_its_answers_does_not_hang_the_search(self):
        body = "while True: say(progress=1, metrics={})"
        with scratch() as folder:
            start = time.time()
            done = run(folder, setting(folder, body, trials=1, evaluator="timeout: 20s"))
            self.assertEqual(done.returncode, 1)
            self.assertLess(time.time() - start, 30)

    def test_answers_wait_for_a_program_that_reads_them_late(self):
        body = """\
sys.stdout.write('{"progress": 1, "metrics": {"loss": 1}}\\n' * 20000)
sys.stdout.flush()
answers = {sys.stdin.readline() for _ in range(20000)}
say(metrics={"loss": len(answers)})"""
        with scratch() as folder:
            done = run(folder, setting(folder, body, trials=2), "--workers", 1)
            self.assertEqual(done.returncode, 0, done.stderr)
            trials = nas_json("trials", f"{folder}/run")
            self.assertEqual([t["metrics"] for t in trials], [{"loss": 1}] * 2)

    def test_a_program_that_is_not_there_is_a_mistake_with_its_line(self):
        with scratch() as folder:
            config = setting(folder, "pass")
            config.write_text(config.read_text().replace("python3", "pythn3"))
            done = run(folder, config)
            self.assertEqual(done.returncode, 2)
            self.assertRegex(done.stderr, r"c\.yaml:\d+:\d+: evaluator\.command: found 'pythn3'")

    def test_a_metric_that_no_trial_has_is_named(self):
        with scratch() as folder:
            done = run(folder, setting(folder, "say(metrics={'cost': 1.0})", trials=2))
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, "loss.*cost")

    def test_the_example_configurations_run_from_any_folder(self):
        names = ["branin", "shell"] + ["forest"] * (importlib.util.find_spec("sklearn") is not None)
        for name in names:
            with scratch() as folder:
                done = nas("run", ROOT / "configs" / "parameters" / f"{name}.yaml", "--out",
                           f"{folder}/run", "--set", "budget.trials=20", cwd=folder,
                           env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(nas_json("status", f"{folder}/run")["trials"]["complete"], 20)

    def test_the_example_of_scikit_learn_says_what_it_needs(self):
        with scratch() as folder:
            write(f"{folder}/sklearn.py", "raise ImportError")
            done = nas("run", ROOT / "configs" / "parameters" / "forest.yaml", "--out",
                       f"{folder}/run", "--set", "budget.trials=2", cwd=folder,
                       env={**os.environ, "PYTHONPATH": folder})
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, "forest.py needs scikit-learn: python3 -m pip install")


if __name__ == "__main__":
    unittest.main()
