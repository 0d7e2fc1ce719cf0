"""Budgets of outside programs: promotions, early stops, totals. Needs no LibTorch."""

import json
import pathlib
import unittest

from support import nas, nas_json, scratch, write

SPACE = """\
experiment: {name: budgets, seed: 3}
space: {type: parameters, parameters: {height: {type: float, low: 0, high: 100}}}
objectives: [{metric: accuracy, goal: maximize}]
"""

# A training whose accuracy rises to the height in `budget` steps; what it hears goes into a file.
PROGRAM = """\
import json, math, sys
for line in sys.stdin:
    asked = json.loads(line)
    height, stopped = asked["point"]["height"], False
    last = int(asked["budget"]) or 9
    for step in range(1, last + 1):
        accuracy = height * (1 - math.exp(-step / 3))
        print(json.dumps({"progress": step, "metrics": {"accuracy": accuracy}}), flush=True)
        stopped = json.loads(sys.stdin.readline())["stop"]
        if stopped:
            break
    open("heard", "a").write(json.dumps({**asked, "stopped": stopped, "steps": step}) + "\\n")
    print(json.dumps({"metrics": {"accuracy": accuracy}}), flush=True)
"""


def run(folder, more, *arguments, goal="maximize"):
    write(f"{folder}/objective.py", PROGRAM)
    config = write(f"{folder}/c.yaml", SPACE.replace("maximize", goal) + more + """
evaluator: {type: command, command: [python3, objective.py], timeout: 60s}
""")
    done = nas("run", config, "--out", f"{folder}/run", *arguments, cwd=folder, timeout=120)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    trials = nas_json("trials", f"{folder}/run")
    heard = [json.loads(line) for line in pathlib.Path(f"{folder}/heard").read_text().splitlines()]
    return trials, {one["trial"]: one for one in heard}


def timeless(trials):
    return [{k: v for k, v in trial.items() if k not in ("started", "seconds")}
            for trial in trials]


class Budgets(unittest.TestCase):
    def test_a_program_is_sent_the_budget_and_a_promoted_trial_its_parents_seed(self):
        more = "controller: {type: hyperband, max_budget: 9}\nbudget: {trials: 13}"
        with scratch() as folder:
            trials, heard = run(folder, more, "--set", "controller.lag=1")
        # Those go on early that no result of the others can push from their place.
        self.assertEqual([t["budget"] for t in trials], [1] * 7 + [3, 1, 3, 1, 3, 9])
        for trial in trials:
            self.assertEqual(heard[trial["number"]]["budget"], trial["budget"])
            self.assertEqual(heard[trial["number"]]["seed"], trial["seed"])
            keys = {"trial", "point", "budget", "seed"}
            keys |= {"continues"} if trial["continues"] is not None else set()
            self.assertEqual(set(heard[trial["number"]]) - {"stopped", "steps"}, keys)
            self.assertEqual(heard[trial["number"]].get("continues"), trial["continues"])
            if trial["continues"] is None:
                self.assertEqual(trial["budget"], 1)
            else:
                parent = trials[trial["continues"]]
                self.assertEqual(trial["seed"], parent["seed"])
                self.assertEqual(trial["point"], parent["point"])
        best = max(trials[:12], key=lambda t: t["point"]["height"])
        self.assertEqual(trials[12]["point"], best["point"])

    def test_bad_trials_are_stopped_wherever_and_whenever_they_run(self):
        more = ("controller: {type: random}\nbudget: {trials: 30}\n"
                "stopping: {type: median, startup_trials: 4, warmup_steps: 2}")
        with scratch() as one, scratch() as two:
            trials, heard = run(one, more, "--workers", 1)
            others, _ = run(two, more, "--workers", 4)
            status = nas_json("status", f"{one}/run")
            best = nas_json("best", f"{one}/run")
        self.assertEqual(timeless(trials), timeless(others))
        stopped = [t for t in trials if t["state"] == "stopped"]
        self.assertGreater(len(stopped), 5)
        self.assertEqual(status["trials"]["stopped"], len(stopped))
        for trial in trials:
            said = heard[trial["number"]]
            self.assertEqual(said["stopped"], trial["state"] == "stopped")
            self.assertEqual("accuracy" in trial["metrics"], True)
            if said["stopped"]:
                self.assertTrue(2 <= said["steps"] < 9)
        self.assertEqual(trials[best["number"]]["state"], "complete")

    def test_a_total_counts_what_is_newly_spent(self):
        more = "controller: {type: asha, max_budget: 9}\nbudget: {total: 60}"
        with scratch() as folder:
            trials, _ = run(folder, more)
            status = nas_json("status", f"{folder}/run")
        self.assertIsNone(status["seconds_left"])  # no number of trials is planned
        spent = sum(t["budget"] - (0 if t["continues"] is None else trials[t["continues"]]["budget"])
                    for t in trials)
        self.assertTrue(60 <= spent < 69, spent)

    def test_the_best_is_one_of_the_largest_budget(self):
        # Where less is better, scores of small budgets would win.
        more = "controller: {type: hyperband, max_budget: 9}\nbudget: {trials: 22}"
        with scratch() as folder:
            trials, _ = run(folder, more, goal="minimize")
            best = nas_json("best", f"{folder}/run")
        self.assertEqual(trials[best["number"]]["budget"], 9)

    def test_early_stopping_is_listed_and_its_mistakes_are_named(self):
        names = [row["name"] for row in nas_json("list", "stopping")]
        self.assertEqual(names, ["none", "median", "percentile"])
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", SPACE + """\
controller: {type: asha, min_budget: 9, max_budget: 3}
stopping: {type: medium}
evaluator: {type: command, command: [python3, -V]}
""")
            done = nas("run", config, "--out", f"{folder}/run")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "controller.max_budget: is less than min_budget")
        self.assertRegex(done.stderr, "stopping.type: found 'medium', expected")


if __name__ == "__main__":
    unittest.main()
