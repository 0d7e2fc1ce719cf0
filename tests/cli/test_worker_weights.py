"""Workers that train networks are killed again and again: trials and weights stay those of one
undisturbed process, also where a training or a retraining goes on in another worker."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import time
import unittest

from kill_test import check_finite, compare
from support import NAS, ROOT, nas, scratch

sys.path.insert(0, str(ROOT / "tests" / "postgres"))
from throwaway_postgres import missing, throwaway_postgres  # noqa: E402

CONFIG = ROOT / "configs" / "digits" / "evolution.yaml"
SHAPE = ["budget.trials=10", "controller.population=4", "evaluator.epochs=3", "stages.retrain.epochs=6",
         "stages.retrain.seeds=1", "checkpoint.steps=5", "space.channels=8"]
KILLS = 8


@unittest.skipIf(missing(), missing())
class Weights(unittest.TestCase):
    def settings(self, *more):
        return [word for setting in (*SHAPE, *more) for word in ("--set", setting)]

    def start(self):
        return subprocess.Popen([NAS, "worker", CONFIG, "--out", self.run, "--workers", "1", "--quiet",
                                 *self.settings(f"store.url={self.url}", "store.lease=2s")],
                                stderr=subprocess.PIPE, text=True, start_new_session=True)

    def work_through(self, span):
        """Two workers at a time, of which one is killed at random moments; how many were."""
        chance, kills = random.Random(1), 0
        workers = [self.start() for _ in range(2)]
        while workers:
            time.sleep(chance.uniform(0.5, 2) * span / KILLS)
            for worker in [one for one in workers if one.poll() is not None]:
                _, errors = worker.communicate()
                self.assertEqual(worker.returncode, 0, errors)
                workers.remove(worker)
            if workers and kills < KILLS:
                victim = workers.pop(chance.randrange(len(workers)))
                os.killpg(victim.pid, signal.SIGKILL)
                victim.communicate()
                kills += 1
                workers.append(self.start())
        return kills

    def test_they_are_those_of_an_undisturbed_run(self):
        with scratch() as folder, throwaway_postgres() as postgres:
            self.run, self.url = pathlib.Path(folder, "shared"), postgres.url
            reference = pathlib.Path(folder, "reference")
            began = time.monotonic()
            done = nas("run", CONFIG, "--out", reference, "--workers", 1, "--quiet", *self.settings())
            self.assertEqual(done.returncode, 0, done.stderr)
            kills = self.work_through(time.monotonic() - began)
            check_finite(self.run)
            self.assertEqual(compare(reference, self.run), [])
            again = postgres.ask("SELECT count(*) FROM nas_trials WHERE attempt > 1")[0][0]
            print(f"{kills} kills, {again} of 10 trials went on in another worker", file=sys.stderr)
            self.assertGreater(kills, 2)
            self.assertGreater(int(again), 0)


if __name__ == "__main__":
    unittest.main()
