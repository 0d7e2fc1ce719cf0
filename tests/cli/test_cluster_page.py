"""The commands of docs/cluster.md, as the shell takes them, shortened: Slurm's commands are stand-ins,
PostgreSQL is a throw-away one. Those that srun and torchrun start are in test_together.py, archives in
test_bundle.py."""

import os
import pathlib
import subprocess
import sys
import unittest

from fake_slurm import FakeSlurm
from support import DATA, NAS, ROOT, blocks_of, scratch, write

sys.path.insert(0, str(ROOT / "tests" / "postgres"))
from throwaway_postgres import missing, throwaway_postgres  # noqa: E402

SEARCH = """\
experiment: {name: search}
space: {type: nas_bench_201, channels: 4, cells_per_stage: 1}
controller: {type: random}
evaluator: {type: train, epochs: 1}
objectives: [{metric: validation_accuracy}]
budget: {trials: 2}
cluster: {time: 1h, memory: 4G}
"""
RETRAINED = SEARCH + "stages: {retrain: {epochs: 1, seeds: 1}, report: {}}\n"
SHORTER = {"--processes 8": "--processes 2", "seq 16": "seq 3", "lag=2000": "lag=20", "trials=2000": "trials=40"}


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(scratch()))
        self.slurm = FakeSlurm(self.folder / "slurm")
        (self.folder / "configs").symlink_to(ROOT / "configs")

    def blocks(self, start):
        """The page's blocks whose first line begins so."""
        return [block for block in blocks_of("docs/cluster.md", "sh") if block.startswith(start)]

    def shell(self, text, shorter):
        for long, short in {**SHORTER, **shorter}.items():
            text = text.replace(long, short)
        path = f"{self.folder}/slurm/bin:{pathlib.Path(NAS).parent}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-e", "-c", text], capture_output=True, text=True, timeout=600,
                              cwd=self.folder, env={**os.environ, "PATH": path, "NAS_DATA": str(DATA)})
        self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_a_job_and_a_retraining_by_several_processes(self):
        write(self.folder / "search.yaml", RETRAINED)
        (job,), (together,) = self.blocks("nas submit"), self.blocks("nas resume")
        out = self.shell(job, {})
        self.assertIn("#SBATCH", out)
        self.assertEqual(len(self.slurm.calls("sbatch")), 1)
        self.assertEqual(len(self.slurm.calls("scancel")), 1)
        self.shell(together, {})
        self.assertTrue((self.folder / "runs/search/report.html").exists())

    @unittest.skipIf(missing(), missing())
    def test_workers_that_share_a_search(self):
        with throwaway_postgres() as postgres:
            store = f'store: {{url: "{postgres.url}"}}\n'
            write(self.folder / "search.yaml", SEARCH.replace("memory: 4G", "memory: 4G, workers: 3") + store)
            (shared,), (many,) = self.blocks("nas worker"), self.blocks("for i in")
            out = self.shell(shared, {"/shared/": f"{self.folder}/shared/"})
            self.assertRegex(out, r"complete +2\n")
            table = DATA / "nas_bench_201" / "cifar10_test_accuracy_200_epochs.csv"
            if table.exists():
                self.shell(many, {"postgresql://db/nas": postgres.url})
                self.assertRegex(self.shell("nas status runs/t", {}), r"complete +40\n")


if __name__ == "__main__":
    unittest.main()
