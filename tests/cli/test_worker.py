"""nas worker: several processes share a search through a throw-away PostgreSQL."""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time
import unittest

from support import NAS, ROOT, nas, nas_json, scratch, write

sys.path.insert(0, str(ROOT / "tests" / "postgres"))
from throwaway_postgres import missing, throwaway_postgres  # noqa: E402

CONFIG = """\
experiment: {name: shared, seed: 3}
space:
  type: parameters
  parameters:
    x: {type: float, low: -5, high: 5}
controller: {type: regularized_evolution, population: 6, sample: 3, lag: 12}
evaluator: {type: command, command: [python3, objective.py], timeout: 1m}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 150}
store: {url: "URL", lease: 2s}
"""
OBJECTIVE = """\
import json, sys, time
for line in sys.stdin:
    x = json.loads(line)["point"]["x"]
    time.sleep(0.12)
    print(json.dumps({"metrics": {"loss": (x - 1) ** 2}}), flush=True)
"""


def without_times(trials):
    return [{k: v for k, v in trial.items() if k not in ("started", "seconds")} for trial in trials]


@unittest.skipIf(missing(), missing())
class Shared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(throwaway_postgres())

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(scratch()))
        self.run = self.folder / "run"
        self.config = write(self.folder / "c.yaml", self.text(self.id()))
        write(self.folder / "objective.py", OBJECTIVE)

    def text(self, name):
        return CONFIG.replace("URL", self.postgres.url).replace("name: shared", f"name: {name}")

    def start(self, *more):
        process = subprocess.Popen([NAS, "worker", self.config, "--out", self.run, *map(str, more)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def end(self, process, status=0):
        out, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, status, errors)
        return out

    def ended(self):
        """How many trials have ended, each once; the experiment may not be there yet."""
        done = nas("trials", self.run, "--json")
        trials = json.loads(done.stdout) if done.returncode == 0 else []
        return sum(trial["state"] not in ("waiting", "running") for trial in trials)

    def wait_for(self, trials):
        for _ in range(1200):
            if self.ended() >= trials:
                return
            time.sleep(0.05)
        self.fail(f"no {trials} trials; {nas('status', self.run).stdout}")

    def check_undisturbed(self, trials):
        """The same configuration without a store, in one process."""
        alone = self.config.read_text().split("store:")[0]
        reference = self.folder / "reference"
        done = nas("run", write(self.folder / "alone.yaml", alone), "--out", reference, "--quiet",
                   "--set", f"budget.trials={trials}", "--workers", 4)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(without_times(nas_json("trials", self.run)),
                         without_times(nas_json("trials", reference)))
        self.assertEqual(nas_json("best", self.run), nas_json("best", reference))

    def finished_lines(self):
        """Trial -> how often a worker says that its result was taken."""
        lines = {}
        for log in self.run.glob("log-*.jsonl"):
            for line in log.read_text().splitlines():
                event = json.loads(line)
                if event["event"] == "trial_finished":
                    lines[event["number"]] = lines.get(event["number"], 0) + 1
        return lines


class Working(Shared):
    def test_watch_shows_what_all_workers_finish(self):
        workers = [self.start("--set", "budget.trials=60") for _ in range(2)]
        self.wait_for(2)
        watch = subprocess.Popen([NAS, "watch", self.run], stdout=subprocess.PIPE, text=True)
        self.addCleanup(watch.kill)
        out, _ = watch.communicate(timeout=300)
        for worker in workers:
            self.end(worker)
        shown = [int(line.split()[1]) for line in out.splitlines() if line.startswith("trial")]
        self.assertEqual(len(shown), len(set(shown)))
        self.assertGreater(len(shown), 30)
        self.assertTrue(out.splitlines()[-1].endswith(": finished"), out)

    def test_workers_share_the_trials_and_one_does_what_follows(self):
        workers = [self.start("--set", "budget.trials=40", "--workers", 2) for _ in range(3)]
        outputs = [self.end(worker) for worker in workers]
        self.assertEqual(sum("best architecture" in out for out in outputs), 1, outputs)
        self.assertEqual(sum("the search is over; " in out for out in outputs), 2, outputs)
        self.check_undisturbed(40)
        self.assertEqual(self.finished_lines(), {number: 1 for number in range(40)})
        self.assertGreaterEqual(len(list(self.run.glob("log-*.jsonl"))), 3)
        provenance = json.loads((self.run / "provenance.json").read_text())
        self.assertEqual(len(provenance["attempts"]), 3)
        status = nas_json("status", self.run)
        self.assertEqual((status["state"], status["trials"]["complete"]), ("finished", 40))
        self.assertGreater(status["elapsed_seconds"], 0)
        self.assertIn("so is what follows it", self.end(self.start("--set", "budget.trials=40")))

    def test_a_worker_that_is_told_to_stop_gives_back_and_another_one_goes_on(self):
        for how in (signal.SIGTERM, signal.SIGUSR2):
            worker = self.start("--set", "budget.trials=30", "--workers", 2)
            self.wait_for(self.ended() + 3)
            self.assertEqual(nas_json("status", self.run)["state"], "running")
            worker.send_signal(how)
            self.end(worker, 75)
            status = nas_json("status", self.run)
            self.assertEqual((status["state"], status["trials"]["running"]), ("interrupted", 0))
        began = time.monotonic()
        done = nas("resume", self.run, "--workers", 4)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(time.monotonic() - began, 30)
        self.check_undisturbed(30)

    def test_nas_run_works_on_a_shared_store_too(self):
        done = nas("run", self.config, "--out", self.run, "--set", "budget.trials=12", "--workers", 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("best architecture", done.stdout)
        self.check_undisturbed(12)
        self.assertFalse((self.run / "trials.db").exists())


class Faults(Shared):
    """Random deaths of workers, pauses longer than a lease, restarts and a crash of the server."""

    def fault(self, kind, workers, chance):
        victim = workers[chance.randrange(len(workers))]
        if kind == "kill":
            os.killpg(victim.pid, signal.SIGKILL)
            victim.communicate()
            workers[workers.index(victim)] = self.start("--workers", 2)
        elif kind == "pause":
            victim.send_signal(signal.SIGSTOP)
            self.addCleanup(victim.send_signal, signal.SIGCONT)
            self.paused.append((time.monotonic() + 3, victim))
        else:
            self.postgres.stop(signal.SIGINT if kind == "restart" else signal.SIGQUIT)
            time.sleep(0.5)
            self.postgres.start()

    def test_every_trial_ends_once_and_as_in_an_undisturbed_run(self):
        chance = random.Random(5)
        self.paused = []
        workers = [self.start("--workers", 2) for _ in range(3)]
        faults = ["kill", "pause", "restart", "kill", "crash", "pause", "kill", "kill"]
        for kind in faults:
            self.wait_for(self.ended() + 6)
            for moment, victim in [one for one in self.paused if one[0] < time.monotonic()]:
                victim.send_signal(signal.SIGCONT)
                self.paused.remove((moment, victim))
            self.fault(kind, workers, chance)
        for _, victim in self.paused:
            time.sleep(2)
            victim.send_signal(signal.SIGCONT)
        for worker in workers:
            self.end(worker)
        self.check_undisturbed(150)
        self.assertTrue(all(times == 1 for times in self.finished_lines().values()))
        handed_out = self.postgres.ask(
            "SELECT sum(attempt), count(*), sum((state = 'complete')::int) FROM nas_trials "
            f"JOIN nas_experiments e ON e.id = experiment WHERE e.name = '{self.id()}'")[0]
        self.assertGreater(int(handed_out[0]), 150)
        self.assertEqual(handed_out[1:], ["150", "150"])


class Token(Shared):
    """A worker that was paused for longer than its lease, and comes back with its result."""

    def pause_one(self):
        """A worker in the middle of a trial."""
        paused = self.start("--set", "budget.trials=20", "--workers", 1)
        self.addCleanup(paused.send_signal, signal.SIGCONT)
        self.wait_for(2)
        for _ in range(20):
            time.sleep(0.05)
            paused.send_signal(signal.SIGSTOP)
            if nas_json("status", self.run)["trials"]["running"] == 1:
                return paused
            paused.send_signal(signal.SIGCONT)
        self.fail("no trial is running")

    def go_on(self, paused):
        self.end(self.start("--set", "budget.trials=20", "--workers", 1))
        paused.send_signal(signal.SIGCONT)
        self.end(paused)

    def too_late(self):
        texts = [log.read_text() for log in self.run.glob("log-*.jsonl")]
        return sum(text.count("came too late") + text.count("another worker has it") for text in texts)

    def test_its_result_is_not_taken(self):
        self.go_on(self.pause_one())
        self.assertEqual(self.finished_lines(), {number: 1 for number in range(20)})
        self.assertEqual(self.too_late(), 1)
        self.check_undisturbed(20)

    def test_with_the_token_taken_out_it_would_be(self):
        paused = self.pause_one()
        self.postgres.ask("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS "
                          "'BEGIN NEW.attempt = 1; RETURN NEW; END'")
        self.postgres.ask("CREATE TRIGGER keep BEFORE UPDATE ON nas_trials FOR EACH ROW "
                          "EXECUTE FUNCTION keep()")
        try:
            self.go_on(paused)
        finally:
            self.postgres.ask("DROP TRIGGER keep ON nas_trials")
        self.assertEqual(max(self.finished_lines().values()), 2)
        self.assertEqual(self.too_late(), 0)


class Mistakes(Shared):
    def worker(self, text=None, *more):
        if text:
            write(self.config, text)
        return nas("worker", self.config, "--out", self.run, *more)

    def test_a_configuration_without_a_store_is_refused(self):
        done = self.worker(self.config.read_text().split("store:")[0])
        self.assertEqual(done.returncode, 2)
        self.assertIn("store.url: missing", done.stderr)
        self.assertFalse(self.run.exists())

    def test_a_password_in_the_address_is_refused_and_shown_nowhere(self):
        for url in ("postgresql://me:s3cret@127.0.0.1/nas", "postgresql://127.0.0.1/nas?password=s3cret",
                    "postgresql://me:s3cret@[/nas"):
            for done in (self.worker(CONFIG.replace("URL", url)),
                         self.worker(CONFIG.replace("URL", ""), "--set", f"store.url={url}")):
                self.assertEqual(done.returncode, 2)
                self.assertIn("store.url: ", done.stderr)
                self.assertNotIn("s3cret", done.stderr)
        self.assertFalse(self.run.exists())

    def test_a_password_of_the_environment_is_written_nowhere(self):
        done = nas("worker", self.config, "--out", self.run, "--set", "budget.trials=2",
                   env={**os.environ, "PGPASSWORD": "s3cret"})
        self.assertEqual(done.returncode, 0, done.stderr)
        for path in [path for path in self.run.rglob("*") if path.is_file()]:
            self.assertNotIn(b"s3cret", path.read_bytes(), path)

    def test_another_configuration_or_folder_of_the_same_name_is_refused(self):
        self.assertEqual(self.worker(None, "--set", "budget.trials=2").returncode, 0)
        self.run = self.folder / "other"
        done = self.worker(None, "--set", "budget.trials=2")
        self.assertEqual(done.returncode, 2)
        self.assertIn(str(self.folder / "run"), done.stderr)
        self.run = self.folder / "third"
        done = self.worker(None, "--set", "budget.trials=3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("another configuration", done.stderr)

    def test_a_server_that_is_not_there_is_named(self):
        done = self.worker(CONFIG.replace("URL", "postgresql://127.0.0.1:1/nas")
                           .replace("lease: 2s", "lease: 2s, patience: 0"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("postgresql://127.0.0.1:1/nas: ", done.stderr)

    def test_what_shares_no_store_says_so(self):
        self.assertIn("--repeat", nas("run", self.config, "--repeat", 2).stderr)
        self.assertIn("nas ask", nas("ask", self.config, "--out", self.run).stderr)


if __name__ == "__main__":
    unittest.main()
