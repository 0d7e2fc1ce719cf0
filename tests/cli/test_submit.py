"""nas submit, nas cancel and Slurm's side of nas status, with stand-ins for Slurm's commands."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

from fake_slurm import FakeSlurm
from support import NAS, nas, nas_json, scratch, write

CONFIG = """\
experiment: {name: submitted, seed: 3}
space:
  type: parameters
  parameters:
    x: {type: float, low: -5, high: 5}
controller: {type: regularized_evolution, population: 4, sample: 2}
evaluator: {type: command, command: [python3, objective.py], timeout: 1m}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 24}
cluster: {time: 1h, memory: 1G, signal_lead: 90s}
"""
# Notes each trial, and takes its time.
OBJECTIVE = """\
import json, pathlib, sys, time
for line in sys.stdin:
    x = json.loads(line)["point"]["x"]
    time.sleep(0.15)
    print(json.dumps({"metrics": {"loss": (x - 1) ** 2}}), flush=True)
"""
ODD = "a \"b' $HOME #%j ü"


def without_times(trials):
    return [{k: v for k, v in trial.items() if k not in ("started", "seconds")} for trial in trials]


class Submit(unittest.TestCase):
    def setUp(self):
        made = scratch()
        self.addCleanup(made.cleanup)
        self.folder = pathlib.Path(made.name)
        self.config = write(self.folder / "c.yaml", CONFIG)
        write(self.folder / "objective.py", OBJECTIVE)
        self.slurm = FakeSlurm(self.folder / "slurm")
        self.run = self.folder / "run"

    def call(self, *arguments, status=0, **options):
        done = nas(*arguments, env=self.slurm.environment(), cwd=self.folder, **options)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def submit(self, *more, **options):
        return self.call("submit", self.config, "--out", self.run, *more, **options)

    def without_slurm(self):
        """An environment where nothing but the configuration's own program is found."""
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "python3").symlink_to(sys.executable)
        return {"PATH": str(programs)}

    def status(self):
        return nas_json("status", self.run, env=self.slurm.environment())


class DryRun(Submit):
    def script(self, *more):
        return self.submit("--dry-run", *more).stdout

    def test_it_prints_the_script_and_changes_nothing(self):
        script = self.script()
        self.assertTrue(script.startswith("#!/bin/bash\n#SBATCH "), script)
        for line in ("--time=0-01:00:00", "--mem=1024M", "--cpus-per-task=1", "--nodes=1 --ntasks=1",
                     "--requeue --open-mode=append --signal=B:USR2@90",
                     f'--output="{self.run}/slurm-%j.out"', f'--chdir="{self.folder}"'):
            self.assertIn(f"#SBATCH {line}\n", script)
        self.assertIn("resume \"$folder\" --workers 1 &\n", script)
        self.assertFalse(self.run.exists())
        self.assertEqual(self.slurm.calls("sbatch"), [])
        self.assertEqual(subprocess.run(["bash", "-n"], input=script, text=True).returncode, 0)

    def test_it_needs_neither_slurm_nor_libtorch(self):
        environment = self.without_slurm()
        began = time.monotonic()
        done = nas("submit", self.config, "--dry-run", env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(time.monotonic() - began, 0.4)

    def test_workers_threads_and_gpus_decide_the_cpus(self):
        self.assertIn("--cpus-per-task=6\n", self.script("--set", "workers=3", "--set", "threads=2"))
        self.assertIn("--workers 4 &", self.script("--set", "cluster.cpus=8", "--set", "threads=2"))
        with_gpus = self.script("--set", "cluster.gpus=2", "--set", "cluster.gpu_type=a100")
        self.assertIn('#SBATCH --gres="gpu:a100:2"\n', with_gpus)
        self.assertIn("--cpus-per-task=2\n", with_gpus)
        self.assertIn('resume "$folder" &\n', with_gpus)  # nas counts the GPUs there

    def test_several_jobs_need_a_store_and_are_an_array(self):
        done = self.submit("--dry-run", "--set", "cluster.workers=4", status=2)
        self.assertIn("cluster.workers: found 4, but only a search with store.url", done.stderr)
        script = self.script("--set", "cluster.workers=4", "--set", "store.url=postgresql://db/nas")
        self.assertIn("#SBATCH --array=1-4\n", script)
        self.assertIn("worker \"$folder/config.yaml\" --out \"$folder\"", script)

    def test_memory_that_is_not_given_is_warned_of(self):
        config = write(self.folder / "m.yaml", CONFIG.replace("memory: 1G, ", ""))
        done = self.call("submit", config, "--dry-run")
        self.assertIn("cluster.memory", done.stderr)
        self.assertNotIn("--mem", done.stdout)
        config = write(self.folder / "o.yaml", CONFIG.replace("memory: 1G", "options: [--mem-per-cpu=1G]"))
        self.assertEqual(self.call("submit", config, "--dry-run").stderr, "")

    def test_setup_lines_stand_before_the_run(self):
        config = write(self.folder / "s.yaml", CONFIG.replace("memory: 1G", "setup: ['echo \"a b\"']"))
        self.assertRegex(self.call("submit", config, "--dry-run").stdout, r'\necho "a b"\n\nprogram=')


class Submitting(Submit):
    def test_the_folder_holds_the_run_its_script_and_its_job(self):
        done = self.submit()
        self.assertEqual(done.stdout, f"job 41 in {self.run}\n")
        self.assertEqual(self.slurm.calls("sbatch"), [["--parsable", f"{self.run}/job.sh"]])
        self.assertEqual(json.loads((self.run / "job.json").read_text())["job"], "41")
        self.assertIn("trials: 24", (self.run / "config.yaml").read_text())
        status = self.status()
        self.assertEqual((status["state"], status["trials"]["total"]), ("submitted", 0))
        self.assertEqual(status["slurm"], {"job": "41", "state": "PENDING", "nodes": None,
                                           "reason": "Priority", "problem": None})
        self.assertIn("job 41 is PENDING (Priority)", self.call("status", self.run).stdout)

    def test_a_job_that_waits_or_runs_is_not_submitted_twice(self):
        self.submit()
        for state in ("PENDING", "RUNNING", "COMPLETING", "REQUEUE_HOLD"):
            self.slurm.answer("squeue", f"{state}|n1|None\n")
            self.assertIn(f"job 41 is {state} on n1", self.submit(status=2).stderr)
        self.slurm.answer("squeue", "", "slurm_load_jobs error: Unable to contact slurm controller\n", 1)
        self.assertIn("Unable to contact", self.submit(status=1).stderr)
        self.slurm.answer("squeue", "TIMEOUT|n1|TimeLimit\n")
        self.slurm.answer("sbatch", "42;west\n")
        self.assertEqual(self.submit().stdout, f"job 42 in {self.run}\n")
        self.slurm.answer("squeue", "", "slurm_load_jobs error: Invalid job id specified\n", 1)
        self.submit()

    def test_a_job_may_be_given_more_where_it_is_submitted_again(self):
        self.submit()
        self.slurm.answer("squeue", "OUT_OF_MEMORY|n1|OutOfMemory\n")
        self.submit("--set", "cluster.memory=2G")
        self.assertIn("--mem=2048M", (self.run / "job.sh").read_text())
        self.assertIn("another configuration",
                      self.submit("--set", "budget.trials=5", status=2).stderr)

    def test_a_folder_in_use_is_named(self):
        process = subprocess.Popen([NAS, "run", self.config, "--out", self.run, "--quiet"], cwd=self.folder)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while not (self.run / "provenance.json").exists():
            time.sleep(0.02)
        self.assertIn(f"in use by process {process.pid}", self.submit(status=1).stderr)
        self.assertEqual(self.slurm.calls("sbatch"), [])

    def test_a_wrong_configuration_reaches_neither_folder_nor_slurm(self):
        for old, new, names in (("time: 1h", "time: soon", ["c.yaml:10:17: cluster.time"]),
                                ("time: 1h", "tim: 1h", ["unknown key; did you mean 'time'?"]),
                                ("time: 1h", "nodes: 2", ["cluster.nodes: unknown key"]),
                                ("memory: 1G", "memory: 16", ["c.yaml:10:29: cluster.memory: found '16'"]),
                                ("time: 1h", "type: pbs", ["cluster.type", "slurm"]),
                                ("time: 1h", "options: [--signal=9]", ["itself sets --signal"]),
                                ("trials: 24", "trials: ten", ["budget.trials"]),
                                ("type: command, ", "type: outside} #", ["nas ask"])):
            write(self.config, CONFIG.replace(old, new))
            errors = self.submit(status=2).stderr
            for name in names:
                self.assertIn(name, errors)
        write(self.config, re.sub("cluster:.*", "", CONFIG))
        self.assertIn("cluster: missing", self.submit(status=2).stderr)
        self.assertFalse(self.run.exists())
        self.assertEqual(self.slurm.calls("sbatch"), [])

    def test_what_slurm_refuses_is_passed_on(self):
        self.slurm.answer("sbatch", "", "sbatch: error: invalid partition specified: gpu\n", 1)
        self.assertIn("invalid partition specified: gpu", self.submit(status=1).stderr)
        self.assertFalse((self.run / "job.json").exists())
        self.slurm.answer("sbatch", "41\n")
        self.submit()

    def test_without_slurm_it_says_so(self):
        done = nas("submit", self.config, "--out", self.run, env=self.without_slurm())
        self.assertEqual(done.returncode, 2)
        self.assertIn("sbatch: not in PATH", done.stderr)
        self.assertFalse(self.run.exists())

    def test_a_path_that_slurm_cannot_be_told_is_refused(self):
        done = self.call("submit", self.config, "--out", f"{self.folder}/a\\b", status=2)
        self.assertIn("backslash", done.stderr)


class Looking(Submit):
    def test_the_jobs_of_an_array_are_one_line(self):
        self.submit()
        self.slurm.answer("squeue", "COMPLETED|n3|None\nPENDING||Priority\nRUNNING|n1|None\nRUNNING|n2|None\n")
        self.assertIn("job 41 is RUNNING on n1,n2", self.call("status", self.run).stdout)
        self.slurm.answer("squeue", "COMPLETED|n1|None\nFAILED|n2|None\n")
        self.submit()

    def test_status_works_where_slurm_cannot_be_asked(self):
        self.submit()
        self.slurm.answer("squeue", "", "slurm_load_jobs error: Unable to contact slurm controller\n", 1)
        slurm = self.status()["slurm"]
        self.assertIsNone(slurm["state"])
        self.assertIn("Unable to contact", slurm["problem"])
        slurm = nas_json("status", self.run, env=self.without_slurm())["slurm"]
        self.assertIn("squeue: not in PATH", slurm["problem"])
        self.slurm.answer("squeue", "", "slurm_load_jobs error: Invalid job id specified\n", 1)
        done = self.call("status", self.run)
        self.assertIn("job 41: over; Slurm has forgotten it", done.stdout)
        self.assertIn("submitted: interrupted", done.stdout)

    def test_a_run_without_a_job_has_no_slurm_side(self):
        self.call("run", self.config, "--out", self.run, "--set", "budget.trials=1", "--quiet")
        self.assertNotIn("slurm", self.status())
        self.assertIn("no job here", self.call("cancel", self.run, status=2).stderr)

    def test_a_job_is_cancelled_once(self):
        self.submit()
        self.assertIn("job 41 is CANCELLED", self.call("cancel", self.run).stdout)
        self.assertIn("job 41 is CANCELLED", self.call("cancel", self.run).stdout)
        self.assertEqual(self.slurm.calls("scancel"), [["41"]])
        self.submit()

    def test_what_scancel_refuses_is_passed_on(self):
        self.submit()
        self.slurm.answer("scancel", "", "scancel: error: Access/permission denied\n", 1)
        self.assertIn("permission denied", self.call("cancel", self.run, status=1).stderr)


class TheScript(Submit):
    """job.sh itself, run by bash as Slurm does."""

    def setUp(self):
        super().setUp()
        self.run = self.folder / ODD / "run"
        self.submit()

    def start(self, **environment):
        environment = self.slurm.environment(SLURM_JOB_ID="41", SLURMD_NODENAME="n1", **environment)
        output = open(self.folder / "output", "a")
        process = subprocess.Popen(["bash", self.run / "job.sh"], cwd=self.folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True)
        output.close()
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()

    def ended(self):
        trials = nas_json("trials", self.run)
        return sum(trial["state"] == "complete" for trial in trials)

    def start_and_wait(self, trials, **environment):
        process = self.start(**environment)
        for _ in range(600):
            if self.ended() >= trials:
                return process
            time.sleep(0.05)
        self.fail((self.folder / "output").read_text())

    def check_finished_undisturbed(self):
        reference = self.folder / "reference"
        self.call("run", self.config, "--out", reference, "--quiet")
        self.assertEqual(without_times(nas_json("trials", self.run)),
                         without_times(nas_json("trials", reference)))
        self.assertEqual(nas_json("best", self.run), nas_json("best", reference))

    def test_the_warning_saves_and_requeues_and_the_next_start_finishes(self):
        process = self.start_and_wait(2)
        process.send_signal(signal.SIGUSR2)
        self.assertEqual(process.wait(60), 75)
        self.assertEqual(self.slurm.calls("scontrol"), [["requeue", "41"]])
        self.assertLess(self.ended(), 24)
        again = self.start(SLURM_RESTART_COUNT="1")
        self.assertEqual(again.wait(120), 0, (self.folder / "output").read_text())
        self.assertEqual(len(self.slurm.calls("scontrol")), 1)
        attempts = json.loads((self.run / "provenance.json").read_text())["attempts"]
        self.assertEqual([(a["SLURM_JOB_ID"], a.get("SLURM_RESTART_COUNT"), a["SLURMD_NODENAME"])
                          for a in attempts], [("41", None, "n1"), ("41", "1", "n1")])
        self.check_finished_undisturbed()

    def test_a_job_that_slurm_ends_saves_and_stays_ended(self):
        process = self.start_and_wait(2)
        os.killpg(process.pid, signal.SIGTERM)  # as scancel does: the shell and nas
        self.assertEqual(process.wait(60), 75)
        self.assertEqual(self.slurm.calls("scontrol"), [])
        self.call("resume", self.run, "--quiet")
        self.check_finished_undisturbed()

    def test_a_killed_search_is_the_jobs_failure(self):
        process = self.start_and_wait(1)
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True)
        os.kill(int(children.stdout.split()[0]), signal.SIGKILL)
        self.assertEqual(process.wait(60), 137)
        self.assertEqual(self.slurm.calls("scontrol"), [])

    def test_a_warning_at_any_moment_is_heeded(self):
        for delay in (0.0, 0.02, 0.05, 0.1):
            process = self.start()
            time.sleep(0.01 + delay)  # bash may not have set its traps yet
            process.send_signal(signal.SIGUSR2)
            self.assertIn(process.wait(60), (75, 143, -signal.SIGUSR2))
        self.assertEqual(self.start().wait(120), 0)
        self.check_finished_undisturbed()

    def test_where_it_cannot_be_queued_again_the_job_says_so(self):
        self.slurm.answer("scontrol", "", "Job/step already completing\n", 1)
        process = self.start_and_wait(1)
        process.send_signal(signal.SIGUSR2)
        self.assertEqual(process.wait(60), 75)
        self.assertIn("not queued again", (self.folder / "output").read_text())


if __name__ == "__main__":
    unittest.main()
