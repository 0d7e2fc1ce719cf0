"""The jobs of an array, each a worker of one search, and the processes that they have become."""

import pathlib
import sys


class ArrayJobs:
    """Of the one array of `cluster`, which works in the run's folder."""

    def __init__(self, cluster, folder):
        self.cluster, self.folder = cluster, folder

    def tasks(self):
        """(job and task, task, state, node) of each job of the array."""
        lines = self.cluster.ask("squeue", "--states=all", "--array", "--noheader", "--format=%F %K %T %N")
        rows = [(line.split() + [""])[:4] for line in lines.splitlines()]
        return [(f"{job}_{task}", task, state, node) for job, task, state, node in rows]

    def incarnations(self):
        """(task, restart count) -> number of its nas: more than one restart of a task at once where
        Slurm takes an older one for lost that is not."""
        found = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                pairs = (process / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended meanwhile
            if words[1:2] != [b"worker"] or str(self.folder).encode() not in words:
                continue
            names = dict(pair.decode(errors="replace").split("=", 1) for pair in pairs if b"=" in pair)
            key = names["SLURM_ARRAY_TASK_ID"], int(names.get("SLURM_RESTART_COUNT", 0))
            # What nas itself forks, to end what it started, is younger.
            found[key] = min(found.get(key, sys.maxsize), int(process.name))
        return found
