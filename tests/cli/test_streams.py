"""Standard output and error that are closed, or on a full disk."""

import json
import subprocess
import unittest

from support import NAS, nas, scratch, write

TUNING = """\
space: {type: parameters, parameters: {x: {type: float, low: 0, high: 1}}}
controller: {type: random}
evaluator: {type: command, command: [python3, objective.py]}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 4}
"""
OBJECTIVE = """\
import sys
for line in sys.stdin:
    print('{"metrics": {"loss": 1}}', flush=True)
"""


def with_streams(redirections, *arguments, **options):
    """Runs `nas arguments...` as a shell does behind which `redirections` stand."""
    return subprocess.run(["sh", "-c", f'exec "$@" {redirections}', "sh", NAS, *arguments],
                          capture_output=True, text=True, timeout=60, **options)


class Streams(unittest.TestCase):
    def test_an_error_that_nobody_reads_keeps_its_exit_status(self):
        for redirection in ("2>&-", "2>/dev/full"):
            with self.subTest(redirection=redirection):
                self.assertEqual(with_streams(redirection, "status", "/nowhere").returncode, 2)

    def test_a_document_that_cannot_be_written_is_a_failure(self):
        with scratch() as folder:
            self.tune(folder)
            for arguments in (("trials", f"{folder}/run", "--json"),
                              ("trials", f"{folder}/run", "--csv"),
                              ("best", f"{folder}/run", "--json"), ("list", "spaces", "--json"),
                              ("space", "darts", "--json")):
                with self.subTest(arguments=arguments):
                    done = with_streams(">/dev/full", *arguments)
                    self.assertEqual(done.returncode, 1)
                    self.assertIn("No space left", done.stderr)

    def test_no_file_of_a_run_gets_what_a_closed_stream_would_have(self):
        with scratch() as folder:
            self.tune(folder, "<&- >&- 2>&-")
            with open(f"{folder}/run/log.jsonl") as log:
                events = [json.loads(line)["event"] for line in log]
            self.assertEqual(events.count("trial_finished"), 4)
            self.assertEqual(nas("status", f"{folder}/run").returncode, 0)

    def tune(self, folder, redirections=""):
        write(f"{folder}/objective.py", OBJECTIVE)
        config = write(f"{folder}/c.yaml", TUNING)
        done = with_streams(redirections, "run", str(config), "--out", f"{folder}/run", cwd=folder)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
