"""Commands by the names of Slurm's, for tests that need no cluster.

They note how they were called in `calls` of their folder, a line of JSON each. What they answer
lies in files there: `sbatch`, `squeue`, `scontrol` and `scancel` hold [exit status, standard output,
standard error]. `scancel` replaces the answer of squeue by a cancelled job.
"""

import json
import os
import pathlib

COMMANDS = ("sbatch", "squeue", "scontrol", "scancel")
SCRIPT = """\
#!/usr/bin/env python3
import json, pathlib, sys
folder, name = pathlib.Path({folder!r}), pathlib.Path(sys.argv[0]).name
with open(folder / "calls", "a") as calls:
    calls.write(json.dumps([name, *sys.argv[1:]]) + "\\n")
status, out, errors = json.loads((folder / (name + ".json")).read_text())
if name == "scancel" and status == 0:
    (folder / "squeue.json").write_text(json.dumps([0, "CANCELLED||None\\n", ""]))
sys.stdout.write(out)
sys.stderr.write(errors)
sys.exit(status)
"""


class FakeSlurm:
    def __init__(self, folder, commands=COMMANDS):
        self.folder = pathlib.Path(folder)
        (self.folder / "bin").mkdir(parents=True)
        for name in commands:
            path = self.folder / "bin" / name
            path.write_text(SCRIPT.format(folder=str(self.folder)))
            path.chmod(0o755)
            self.answer(name)
        self.answer("sbatch", "41\n")
        self.answer("squeue", "PENDING||Priority\n")

    def answer(self, name, out="", errors="", status=0):
        (self.folder / f"{name}.json").write_text(json.dumps([status, out, errors]))

    def calls(self, name):
        """The arguments of each call of a command, in order."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [call[1:] for call in map(json.loads, lines) if call[0] == name]

    def environment(self, **more):
        return {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", **more}
