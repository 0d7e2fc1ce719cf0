"""Quadratic models: nas qubo, nas anneal, and their files as dimod reads them. Needs no LibTorch.

Without dimod in this Python its tests count as skipped; PYTHONPATH may name a folder that holds it.
"""

import importlib.util
import itertools
import json
import pathlib
import random
import unittest

from support import DATA, nas, nas_json, scratch, write

HAS_DIMOD = importlib.util.find_spec("dimod") is not None
needs_dimod = unittest.skipUnless(HAS_DIMOD, "this Python has no dimod")
TABLE = DATA / "nas_bench_201" / "cifar10_test_accuracy_200_epochs.csv"
SPACE = """\
space:
  type: parameters
  parameters:
    op:    {type: categorical, choices: [sgd, adam, rmsprop]}
    depth: {type: int, low: 1, high: 3}
    warm:  {type: categorical, choices: ["yes", "no"], when: {op: adam}}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}]
"""


def energy(document, values):
    """By the definition, from a document and the values by label."""
    labels = document["variable_labels"]
    at = [values[label] for label in labels]
    return (document["offset"] + sum(b * v for b, v in zip(document["linear_biases"], at))
            + sum(b * at[i] * at[j] for b, i, j in
                  zip(document["quadratic_biases"], document["quadratic_head"], document["quadratic_tail"])))


def known_run(folder):
    """A run of which every point is known; adam with warm=no and depth 3 has the least loss."""
    lines = ["op,depth,warm,loss"]
    for op, depth in itertools.product(("sgd", "adam", "rmsprop"), (1, 2, 3)):
        for warm in ("yes", "no") if op == "adam" else ("",):
            loss = {"sgd": 5, "adam": 4, "rmsprop": 6}[op] - depth + (2 if warm == "yes" else 0)
            lines.append(f"{op},{depth},{warm},{loss}")
    config = write(f"{folder}/c.yaml", SPACE)
    known = write(f"{folder}/known.csv", "\n".join(lines) + "\n")
    done = nas("import", config, "--out", f"{folder}/run", "--csv", known)
    assert done.returncode == 0, done.stderr
    return f"{folder}/run"


class Surrogate(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch()
        self.addCleanup(self.scratch.cleanup)
        self.folder = self.scratch.name
        self.run = known_run(self.folder)

    def test_the_best_known_point_is_the_minimum_of_a_surrogate_of_all(self):
        built = nas_json("qubo", self.run, "--to", f"{self.folder}/m.json", "--ridge", "0.01")
        self.assertEqual((built["variables"], built["points"]), (3 + 3 + 2, 12))
        self.assertEqual(built["penalty"], built["sufficient_penalty"])
        for solver in ("sa", "pt", "sqa", "exact"):
            found = nas_json("anneal", f"{self.folder}/m.json", "--solver", solver, "--space", self.run)
            self.assertEqual(found["point"], {"op": "adam", "depth": "3", "warm": "no"}, solver)
            self.assertTrue(found["feasible"])
            self.assertIn("adam", found["arch"])
            document = json.loads(pathlib.Path(f"{self.folder}/m.json").read_text())
            self.assertAlmostEqual(found["energy"], energy(document, found["assignment"]))
        values = nas_json("qubo", self.run, "--to", f"{self.folder}/v.json", "--scores", "values",
                          "--ridge", "1e-6")
        found = nas_json("anneal", f"{self.folder}/v.json", "--solver", "exact")
        self.assertAlmostEqual(found["energy"], 1, delta=0.01)  # the loss that is predicted
        self.assertGreater(values["held_out_correlation"], 0.5)

    def test_parts_of_intervals_stand_for_their_middles(self):
        config = write(f"{self.folder}/i.yaml", """\
space:
  type: parameters
  parameters:
    width: {type: int, low: 1, high: 100}
    rate:  {type: float, low: 1.0e-4, high: 1, log: true}
controller: {type: random}
objectives: [{metric: loss, goal: minimize}]
""")
        lines = [f"{width},{rate},{100 - width + rate}" for width, rate in
                 itertools.product((10, 30, 60, 95), (2e-4, 2e-3, 2e-2, 0.2))]
        known = write(f"{self.folder}/i.csv", "\n".join(["width,rate,loss", *lines]) + "\n")
        done = nas("import", config, "--out", f"{self.folder}/i", "--csv", known)
        self.assertEqual(done.returncode, 0, done.stderr)
        file = f"{self.folder}/i.json"
        self.assertEqual(nas("qubo", f"{self.folder}/i", "--to", file, "--levels", 4).returncode, 0)
        found = nas_json("anneal", file, "--space", config)
        self.assertEqual(found["point"], {"width": "75.5..100.5", "rate": "0.0001..0.001"})
        self.assertRegex(found["arch"], r"\b88\b")
        self.assertIn("31622", found["arch"])
        nas("qubo", f"{self.folder}/i", "--to", f"{self.folder}/i.coo")
        done = nas("anneal", f"{self.folder}/i.coo", "--space", config)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("the model says nothing of 'width'", done.stderr)
        self.assertIn("energy", done.stdout)

    def test_the_three_formats_hold_the_same_model(self):
        energies = []
        for extension in ("json", "qubo", "coo"):
            file = f"{self.folder}/m.{extension}"
            self.assertEqual(nas("qubo", self.run, "--to", file).returncode, 0)
            energies.append(nas_json("anneal", file, "--solver", "exact")["energy"])
        offset = json.loads(pathlib.Path(f"{self.folder}/m.json").read_text())["offset"]
        self.assertAlmostEqual(energies[0], energies[1] + offset)
        self.assertAlmostEqual(energies[1], energies[2])

    def test_the_same_seed_gives_the_same_and_the_target_is_counted(self):
        file = f"{self.folder}/m.json"
        nas("qubo", self.run, "--to", file)
        lowest = nas_json("anneal", file, "--solver", "exact")["energy"]
        runs = [nas_json("anneal", file, "--sweeps", 3, "--reads", 50, "--seed", seed, "--target", lowest)
                for seed in (4, 4, 5)]
        for found in runs:
            for timed in ("seconds", "preparation_seconds", "time_to_solution"):
                self.assertIn(timed, found)
                del found[timed]
            self.assertTrue(0 <= found["reached"] <= 1)
        self.assertEqual(runs[0], runs[1])
        self.assertNotEqual(runs[0]["mean_energy"], runs[2]["mean_energy"])

    def test_a_small_penalty_is_warned_of(self):
        done = nas("qubo", self.run, "--to", f"{self.folder}/m.json", "--penalty", "0.001")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("a minimum may break the encoding", done.stdout)
        self.assertIn("breaks the encoding", nas("anneal", f"{self.folder}/m.json", "--solver", "exact").stdout)


class Selection(unittest.TestCase):
    def test_features_that_say_the_same_are_not_both_chosen(self):
        dice = random.Random(1)
        lines = ["a,copy of a,b,noise,class"]
        for _ in range(300):
            a, b = dice.gauss(0, 1), dice.gauss(0, 1)
            lines.append(f"{a},{a + dice.gauss(0, .01)},{b},{dice.gauss(0, 1)},{'ill' if a + .7 * b > 0 else 'well'}")
        with scratch() as folder:
            table = write(f"{folder}/t.csv", "\n".join(lines) + "\n")
            built = nas("qubo", table, "--choose", 2, "--label", "class", "--to", f"{folder}/m.json")
            self.assertEqual(built.returncode, 0, built.stderr)
            found = nas_json("anneal", f"{folder}/m.json")
            self.assertIn("b", found["chosen"])
            self.assertEqual(len(found["chosen"]), 2)
            self.assertNotIn("noise", found["chosen"])

    def test_channels_are_chosen_by_scores_and_redundancies(self):
        with scratch() as folder:
            file = write(f"{folder}/c.json", json.dumps({
                "scores": [3, 2.9, 2], "redundancy": [[0, 2, 0], [2, 0, 0], [0, 0, 0]]}))
            nas("qubo", file, "--choose", 2, "--to", f"{folder}/m.coo")
            nas("qubo", file, "--choose", 2, "--to", f"{folder}/m.json")
            self.assertEqual(nas_json("anneal", f"{folder}/m.json", "--solver", "exact")["chosen"], ["0", "2"])
            self.assertEqual(nas_json("anneal", f"{folder}/m.coo", "--solver", "exact")["assignment"],
                             {"0": 1, "1": 0, "2": 1})


@needs_dimod
class Dimod(unittest.TestCase):
    def test_dimod_reads_what_is_written_and_is_read_in_turn(self):
        import dimod
        from dimod.serialization import coo
        with scratch() as folder:
            run = known_run(folder)
            for extension in ("json", "coo", "qubo"):
                nas("qubo", run, "--to", f"{folder}/m.{extension}", "--ridge", "1e3")
            document = json.loads(pathlib.Path(f"{folder}/m.json").read_text())
            model = dimod.BinaryQuadraticModel.from_serializable(document)
            best = dimod.ExactSolver().sample(model).first
            ours = nas_json("anneal", f"{folder}/m.json", "--solver", "exact")
            self.assertAlmostEqual(ours["energy"], best.energy)
            self.assertAlmostEqual(ours["energy"], model.energy(ours["assignment"]))
            numbered = coo.loads(pathlib.Path(f"{folder}/m.coo").read_text())
            for i, name in enumerate(document["variable_labels"]):
                self.assertEqual(numbered.linear[i], model.linear[name])
            self.assertEqual(len(numbered.quadratic), len(model.quadratic))
            for (a, b), bias in model.quadratic.items():
                at = [document["variable_labels"].index(x) for x in (a, b)]
                self.assertEqual(numbered.get_quadratic(*at), bias)

    def test_models_that_dimod_writes_have_the_same_ground_state_here(self):
        import dimod
        from dimod.serialization import coo
        for vartype in ("BINARY", "SPIN"):
            model = dimod.generators.gnm_random_bqm(10, 25, vartype, random_state=3)
            model.offset = 0
            lowest = dimod.ExactSolver().sample(model).first.energy
            with scratch() as folder:
                files = [write(f"{folder}/m.json", json.dumps(model.to_serializable())),
                         write(f"{folder}/m.coo", coo.dumps(model, vartype_header=True))]
                for file in files:
                    # dimod writes six digits to a .coo
                    self.assertAlmostEqual(nas_json("anneal", file, "--solver", "exact")["energy"], lowest, delta=1e-4)


class Mistakes(unittest.TestCase):
    def told(self, *arguments):
        done = nas(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout)
        return done.stderr

    def test_bad_files_and_options_are_told_with_their_place(self):
        with scratch() as folder:
            self.assertIn("m.coo:2", self.told("anneal", write(f"{folder}/m.coo", "0 0 1\n0 1\n")))
            self.assertIn("m.qubo:1", self.told("anneal", write(f"{folder}/m.qubo", "p qubo 0 1\n")))
            self.assertIn("m.json:1", self.told("anneal", write(f"{folder}/m.json", "{")))
            self.assertIn("no variables", self.told("anneal", write(f"{folder}/e.coo", "")))
            good = write(f"{folder}/g.coo", "0 1 1\n")
            self.assertIn("--solver", self.told("anneal", good, "--solver", "quantum"))
            self.assertIn("--reads", self.told("anneal", good, "--reads", 0))
            self.assertIn("extension", self.told("anneal", write(f"{folder}/m.txt", "")))
            wide = write(f"{folder}/w.coo", "20 20 1\n")
            self.assertIn("at most 20", self.told("anneal", wide, "--solver", "qaoa"))
            table = write(f"{folder}/t.csv", "arch,score\nnone,1\n")
            self.assertIn("--space", self.told("qubo", table, "--to", f"{folder}/x.json"))
            self.assertIn("t.csv:2", self.told("qubo", table, "--space", "nas_bench_201", "--metric", "score",
                                               "--to", f"{folder}/x.json"))
            run = known_run(folder)
            self.assertIn("found 0 scores of the metric 'speed', expected at least two",
                          self.told("qubo", run, "--metric", "speed", "--to", f"{folder}/x.json"))
            self.assertIn("nosuch' is not there", self.told("qubo", f"{folder}/nosuch", "--to", f"{folder}/x.json"))
            told = self.told("qubo", table, "--space", "nas_bench_201", "--metric", "nope", "--to",
                             f"{folder}/x.json")
            self.assertIn("'nope'", told)
            self.assertIn("score", told)
            self.assertIn("extension", self.told("qubo", run, "--to", f"{folder}/x.yaml"))

    def test_both_commands_explain_themselves(self):
        for command in ("qubo", "anneal"):
            done = nas(command, "--help")
            self.assertEqual(done.returncode, 0)
            self.assertIn("--json", done.stdout)


@unittest.skipUnless(TABLE.exists(), f"no NAS-Bench-201 table in {DATA}")
class NasBench201(unittest.TestCase):
    def test_annealing_finds_the_ground_state_of_all_two_to_the_thirty(self):
        with scratch() as folder:
            file = f"{folder}/m.json"
            nas("qubo", TABLE, "--space", "nas_bench_201", "--metric", "cifar10_test_accuracy", "--to", file)
            exact = nas_json("anneal", file, "--solver", "exact", "--space", "nas_bench_201")
            self.assertTrue(exact["feasible"])
            accuracy = next(float(line.split(",")[1]) for line in TABLE.read_text().splitlines()
                            if line.startswith(exact["arch"] + ","))
            self.assertGreater(accuracy, 94.3)  # the best of all has 94.373
            for solver, reads in (("sa", 100), ("pt", 20), ("sqa", 50)):
                found = nas_json("anneal", file, "--solver", solver, "--reads", reads)
                self.assertAlmostEqual(found["energy"], exact["energy"], msg=solver)


if __name__ == "__main__":
    unittest.main()
