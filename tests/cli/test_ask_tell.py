"""Programs that keep control: nas ask, nas tell, nas import. Needs no LibTorch."""

import json
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import NAS, nas, nas_json, scratch, write

CONFIG = """\
experiment: {name: asked, seed: 3}
space:
  type: parameters
  parameters:
    lr:  {type: float, low: 1e-5, high: 1, log: true}
    opt: {type: categorical, choices: [sgd, adam]}
    momentum: {type: float, low: 0, high: 0.99, when: {opt: sgd}}
    batch: {value: 64}
controller: {type: regularized_evolution, population: 4, sample: 2}
objectives: [{metric: loss, goal: minimize}]
budget: {trials: 1000}
"""
COMMAND = "evaluator: {type: command, command: [python3, objective.py]}\n"
OBJECTIVE = """\
import json, sys
for line in sys.stdin:
    print(json.dumps({"metrics": {"loss": json.loads(line)["point"]["lr"]}}), flush=True)
"""


class AskTell(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch()
        self.folder = self.scratch.name
        self.config = write(f"{self.folder}/c.yaml", CONFIG)
        self.run = f"{self.folder}/run"
        self.addCleanup(self.scratch.cleanup)

    def ask(self, *more):
        return nas_json("ask", self.config, "--out", self.run, *more)

    def tell(self, number, loss):
        done = nas("tell", self.run, "--trial", number, "--metrics", json.dumps({"loss": loss}))
        self.assertEqual(done.returncode, 0, done.stderr)

    def refused(self, *arguments, status=2):
        done = nas(*arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stderr

    def trials(self):
        return nas_json("trials", self.run)

    def import_csv(self, text, *where):
        return nas("import", *(where or (self.config, "--out", self.run)), "--csv",
                   write(f"{self.folder}/known.csv", text))


class Dialogue(AskTell):
    def test_a_trial_is_asked_for_and_told(self):
        trial = self.ask()
        self.assertEqual(list(trial), ["number", "point", "budget", "seed"])
        self.assertEqual(trial["number"], 0)
        self.assertEqual(trial["point"]["batch"], 64)
        self.assertEqual(self.trials()[0]["state"], "running")
        self.tell(0, 0.4)
        told = self.trials()[0]
        self.assertEqual((told["state"], told["metrics"], told["point"], told["seed"]),
                         ("complete", {"loss": 0.4}, trial["point"], trial["seed"]))
        self.assertEqual(nas_json("best", self.run)["number"], 0)
        self.assertEqual(nas_json("ask", self.run)["number"], 1)
        status = nas_json("status", self.run)
        self.assertEqual((status["state"], status["trials"]["running"]), ("asked", 1))
        self.assertGreater(status["elapsed_seconds"], 0)

    def test_several_trials_are_a_list_and_results_come_in_any_order(self):
        trials = self.ask("--count", 6)
        self.assertEqual([trial["number"] for trial in trials], list(range(6)))
        for number in (4, 0, 5, 1, 3, 2):
            self.tell(number, number / 10)
        self.assertEqual([trial["metrics"]["loss"] for trial in self.trials()],
                         [0, 0.1, 0.2, 0.3, 0.4, 0.5])
        self.assertIn("depend", json.dumps(json.loads(
            pathlib.Path(f"{self.run}/provenance.json").read_text())["order_of_results"]))

    def test_proposals_are_those_of_a_run_where_results_come_in_order(self):
        write(f"{self.folder}/objective.py", OBJECTIVE)
        whole = write(f"{self.folder}/w.yaml",
                      CONFIG.replace("sample: 2", "sample: 2, lag: 1") + COMMAND)
        done = nas("run", whole, "--out", f"{self.folder}/whole", "--set", "budget.trials=25",
                   "--workers", 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        for _ in range(25):
            trial = self.ask()
            self.tell(trial["number"], trial["point"]["lr"])
        self.assertEqual(*([(t["number"], t["point"], t["metrics"], t["seed"])
                            for t in nas_json("trials", run)]
                           for run in (f"{self.folder}/whole", self.run)))

    def test_a_failure_and_a_result_that_is_no_number_are_failed_trials(self):
        self.ask("--count", 2)
        self.assertEqual(nas("tell", self.run, "--trial", 0, "--error", "out of memory").returncode, 0)
        self.assertEqual(nas("tell", self.run, "--trial", 1, "--metrics", '{"loss": NaN}').returncode, 0)
        first, second = self.trials()
        self.assertEqual((first["state"], first["error"]["reason"]), ("failed", "out of memory"))
        self.assertEqual((second["state"], second["error"]["kind"]), ("failed", "nan"))

    def test_a_constraint_makes_a_told_trial_fail(self):
        self.config.write_text(CONFIG + "constraints: [cost <= 5]\n")
        self.ask("--count", 2)
        for number, cost in enumerate((4, 6)):
            nas("tell", self.run, "--trial", number, "--metrics",
                json.dumps({"loss": 1, "cost": cost}))
        self.assertEqual([trial["state"] for trial in self.trials()], ["complete", "failed"])
        self.assertEqual(self.trials()[1]["error"]["kind"], "constraint")

    def test_mistakes_of_a_teller_are_named_and_change_nothing(self):
        self.ask()
        for arguments, problem in [
                (("--trial", 7, "--metrics", '{"loss": 1}'), "trial 7: nobody asked for it"),
                (("--trial", 0), "--metrics or --error"),
                (("--trial", 0, "--metrics", '{"cost": 1}'), "no metric 'loss'.*cost"),
                (("--trial", 0, "--metrics", '{"loss": "low"}'), "expected an object of numbers"),
                (("--trial", 0, "--metrics", "0.4"), "expected an object of numbers"),
                (("--trial", 0, "--metrics", '{"loss": 1'), "expected an object of numbers"),
                (("--trial", 0, "--metrics", '{"loss": 1}', "--error", "x"), "excludes")]:
            self.assertRegex(self.refused("tell", self.run, *arguments), problem)
        self.assertEqual(self.trials()[0]["state"], "running")
        self.tell(0, 1)
        self.assertRegex(self.refused("tell", self.run, "--trial", 0, "--metrics", '{"loss": 2}'),
                         r'trial 0: was told already: \{"loss":1')
        self.assertEqual(self.trials()[0]["metrics"], {"loss": 1})
        self.assertIn("no run here", self.refused("tell", self.folder, "--trial", 0, "--error", "x"))

    def test_trials_that_a_program_lost_are_found_again(self):
        trials = self.ask("--count", 3)
        self.tell(1, 0.5)
        self.assertEqual(self.ask("--open"), [trials[0], trials[2]])

    def test_asking_ends_with_the_budget_and_with_the_space(self):
        self.ask("--set", "budget.trials=2")
        self.assertEqual(len(nas_json("ask", self.run, "--count", 5)), 1)
        self.assertIn("all 2 trials", self.refused("ask", self.run, status=1))
        grid = write(f"{self.folder}/g.yaml", """\
space: {type: parameters, parameters: {n: {type: int, low: 1, high: 3}}}
controller: {type: grid}
objectives: [{metric: loss, goal: minimize}]
""")
        self.assertEqual(len(nas_json("ask", grid, "--out", f"{self.folder}/g", "--count", 9)), 3)
        self.assertIn("before the results of 3 trials",
                      self.refused("ask", f"{self.folder}/g", status=1))

    def test_a_folder_of_another_configuration_and_options_of_a_folder_are_refused(self):
        self.ask()
        self.assertIn("another configuration",
                      self.refused("ask", self.config, "--out", self.run, "--set", "experiment.seed=9"))
        self.assertIn("go with a configuration", self.refused("ask", self.run, "--set", "a=1"))

    def test_a_controller_that_trains_a_supernet_is_refused(self):
        config = write(f"{self.folder}/d.yaml", """\
space: {type: darts}
controller: {type: darts}
objectives: [{metric: loss, goal: minimize}]
""")
        self.assertIn("supernet", self.refused("ask", config, "--out", f"{self.folder}/d"))
        self.assertEqual(nas_json("trials", f"{self.folder}/d"), [])


class Processes(AskTell):
    def test_processes_that_ask_and_tell_at_once_get_each_trial_once(self):
        def work(_):
            for _ in range(5):
                trial = self.ask()  # the first of all makes the folder
                self.tell(trial["number"], trial["point"]["lr"])
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        trials = self.trials()
        self.assertEqual([trial["number"] for trial in trials], list(range(30)))
        self.assertEqual({trial["state"] for trial in trials}, {"complete"})
        self.assertTrue(all(t["metrics"]["loss"] == t["point"]["lr"] for t in trials))

    def test_a_kill_at_any_moment_neither_loses_nor_doubles_a_trial(self):
        dice = random.Random(5)
        printed, told = {}, {}
        for _ in range(40):
            lost = [t["number"] for t in self.ask("--open")] if os.path.exists(self.run) else []
            if lost and dice.random() < 0.5:
                number = dice.choice(lost)
                arguments = ["tell", self.run, "--trial", number, "--metrics",
                             json.dumps({"loss": number})]
            else:
                number, arguments = None, ["ask", self.config, "--out", self.run, "--json"]
            process = subprocess.Popen([NAS, *map(str, arguments)], stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
            time.sleep(dice.random() * 0.04)
            process.send_signal(signal.SIGKILL)
            output = process.communicate()[0]
            if process.returncode == 0 and number is None:
                trial = json.loads(output)
                self.assertNotIn(trial["number"], printed)
                printed[trial["number"]] = trial["point"]
            elif process.returncode == 0:
                told[number] = number
        trials = self.trials() if os.path.exists(f"{self.run}/trials.db") else []
        self.assertEqual([trial["number"] for trial in trials], list(range(len(trials))))
        for number, point in printed.items():
            self.assertEqual(trials[number]["point"], point)
        for number in told:
            self.assertEqual(trials[number]["metrics"], {"loss": number})
        self.ask()  # it goes on

    def test_a_search_and_an_outside_program_do_not_get_into_each_others_way(self):
        write(f"{self.folder}/objective.py", OBJECTIVE)
        self.config.write_text(CONFIG.replace("1000", "12") + COMMAND)
        self.ask()
        self.assertRegex(self.refused("resume", self.run), "asked for the trials 0 here")
        self.tell(0, 0.5)
        done = nas("resume", self.run)  # all are told: the search takes over
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([t["state"] for t in self.trials()], ["complete"] * 12)
        self.assertIn("all 12 trials", self.refused("ask", self.run, status=1))
        self.import_csv("lr,opt,momentum,loss\n0.1,adam,,0.2\n", self.run)  # and may end again
        self.assertEqual(len(self.trials()), 13)

    def test_a_search_under_way_is_not_asked(self):
        write(f"{self.folder}/objective.py", "import time\ntime.sleep(300)")
        self.config.write_text(CONFIG + COMMAND)
        process = subprocess.Popen([NAS, "run", self.config, "--out", self.run, "--quiet"],
                                   stderr=subprocess.DEVNULL)
        while not os.path.exists(f"{self.run}/program-0.log"):
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), 75)
        self.assertIn("a search is under way here", self.refused("ask", self.run))

    def test_a_configuration_without_evaluator_is_not_run(self):
        self.assertIn("evaluator: missing", self.refused("run", self.config, "--out", self.run))
        self.ask()
        self.assertRegex(self.refused("resume", self.run), "evaluator.*outside.*nas ask")


class Import(AskTell):
    GOOD = "lr,opt,momentum,loss,cost\n0.1,sgd,0.5,0.7,\n1e-3,adam,,0.2,3\n\n0.5,sgd,0,0.9,1\n"

    def test_known_results_are_trials_that_the_search_starts_from(self):
        done = self.import_csv(self.GOOD)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("3 trials", done.stdout)
        trials = self.trials()
        self.assertEqual(trials[1]["point"], {"lr": 1e-3, "opt": "adam", "batch": 64})
        self.assertEqual(trials[0]["metrics"], {"loss": 0.7})
        self.assertEqual(trials[1]["metrics"], {"loss": 0.2, "cost": 3})
        self.assertEqual(nas_json("best", self.run)["number"], 1)
        self.assertEqual(self.ask()["number"], 3)

    def test_the_controller_is_told_before_it_is_first_asked(self):
        lines = [f"{lr},adam,,{lr}" for lr in (0.3, 0.31, 0.32, 0.33)]
        self.config.write_text(CONFIG.replace("population: 4", "population: 1"))
        self.import_csv("lr,opt,momentum,loss\n" + "\n".join(lines) + "\n")
        # Its population is full: the next point is a child of the last one told.
        point = self.ask()["point"]
        self.assertTrue(point["lr"] == 0.33 or point["opt"] == "adam", point)

    def test_a_search_goes_on_from_imported_results_and_they_are_none_of_its_budget(self):
        write(f"{self.folder}/objective.py", OBJECTIVE)
        self.config.write_text(CONFIG.replace("1000", "10") + COMMAND)
        self.assertEqual(self.import_csv(self.GOOD).returncode, 0)
        for workers in (1, 3):
            folder = f"{self.folder}/w{workers}"
            self.import_csv(self.GOOD, self.config, "--out", folder)
            done = nas("resume", folder, "--workers", workers)
            self.assertEqual(done.returncode, 0, done.stderr)
        one, three = ([(t["number"], t["point"], t["metrics"]) for t in
                       nas_json("trials", f"{self.folder}/w{workers}")] for workers in (1, 3))
        self.assertEqual(len(one), 13)
        self.assertEqual(one, three)

    def test_a_whole_number_may_have_a_point_and_zeros(self):
        done = self.import_csv("lr,opt,momentum,batch,loss\n0.1,adam,,64.0,0.2\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.trials()[0]["point"]["batch"], 64)
        done = self.import_csv("lr,opt,momentum,batch,loss\n0.1,adam,,64.5,0.2\n", self.run)
        self.assertIn("known.csv:2:11: batch: found '64.5', expected a whole number", done.stderr)

    def test_every_bad_cell_is_named_by_its_place_and_nothing_is_imported(self):
        self.ask()
        done = self.import_csv("""\
lr,opt,momentum,loss,cost
2,sgd,0.5,0.7,1
0.1,sdg,0.5,0.7,1
0.1,adam,0.5,0.7,1
0.1,sgd,,0.7,1
0.1,sgd,0.5,inf,1
0.1,sgd,0.5,,1
0.1,"sgd",0.5,0.7,much
0.1,sgd,0.5
""", self.run)
        self.assertEqual(done.returncode, 2)
        for place, problem in [("2:1", "lr: found '2', expected a number from 1e-05 to 1"),
                               ("3:5", "opt: found 'sdg', expected one of sgd, adam"),
                               ("4:10", "momentum: found '0.5', expected nothing"),
                               ("5:9", "momentum: found ''"), ("6:13", "loss: found 'inf'"),
                               ("7:13", "loss: found ''"), ("8:19", "cost: found 'much'"),
                               ("9:1", "found 3 cells, expected 5")]:
            self.assertIn(f"known.csv:{place}: {problem}", done.stderr)
        self.assertEqual(done.stderr.count("known.csv:"), 8, done.stderr)
        self.assertEqual(len(self.trials()), 1)

    def test_a_bad_header_is_named(self):
        for header, problem in [("lr,opt,loss", "no column 'momentum' of the space"),
                                ("lr,opt,momentum", "no column 'loss' of an objective"),
                                ("lr,opt,momentum,loss,lr", "the column 'lr' twice")]:
            done = self.import_csv(header + "\n1,2,3,4\n")
            self.assertEqual(done.returncode, 2)
            self.assertIn(problem, done.stderr)
        self.assertIn("empty file", self.import_csv("").stderr)

    def test_an_import_is_no_trial_of_the_budget_of_an_outside_program(self):
        self.config.write_text(CONFIG.replace("1000", "2"))
        self.import_csv(self.GOOD)
        self.assertEqual(len(self.ask("--count", 9)), 2)


if __name__ == "__main__":
    unittest.main()
