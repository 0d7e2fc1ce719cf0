"""`nas bench`: what there is, and the form of what each prints."""

import os
import pathlib
import subprocess
import time
import unittest

from support import NAS, nas, nas_json, scratch, write

COMMON = {"benchmark", "settings", "median", "spread", "samples", "unit", "device", "versions",
          "peak_memory"}
SMALL_SPACE = ["--set", "space.channels=4", "--set", "input=1x8x8"]


class Checks(unittest.TestCase):
    def check(self, result, name):
        self.assertLessEqual(COMMON, result.keys())
        self.assertEqual(result["benchmark"], name)
        low, high = result["spread"]
        self.assertGreater(low, 0)
        self.assertLessEqual(low, result["median"])
        self.assertLessEqual(result["median"], high)
        self.assertGreater(result["peak_memory"], 1 << 20)
        self.assertTrue(result["device"]["device"])
        self.assertTrue(result["versions"]["nas"])


class Bench(Checks):
    def test_the_list_names_all(self):
        names = [row["name"] for row in nas_json("bench", "--list")]
        self.assertEqual(names, ["controller", "cooling", "hpo", "packing", "store", "train_step",
                                 "epoch", "kernels", "supernet_step", "latency-table"])
        self.assertTrue(all(name in nas("bench", "--list").stdout for name in names))

    def test_one_searcher_is_timed_without_libtorch(self):
        result = nas_json("bench", "controller", "--set", "controller=regularized_evolution", "--set",
                          "trials=50", "--set", "repeats=2")
        self.check(result, "controller")
        self.assertEqual(result["settings"]["trials"], 50)
        self.assertEqual(result["samples"], 2)
        self.assertNotIn("libtorch", result["versions"])

    def test_regrets_of_known_functions_fall_with_the_trials(self):
        results = nas_json("bench", "hpo", "--set", "problems=[branin, categories]", "--set",
                           "trials=20", "--set", "seeds=3", "--set", "controller.type=random")
        self.assertEqual([r["settings"]["problem"] for r in results], ["branin", "categories"])
        for result in results:
            self.check(result, "hpo")
            regret = result["regret"]
            self.assertEqual(list(regret), ["5", "10", "20"])
            self.assertGreaterEqual(regret["5"]["median"], regret["20"]["median"])
            self.assertGreaterEqual(min(regret["20"]["values"]), 0)
            self.assertEqual(len(regret["20"]["values"]), 3)
        self.assertEqual(nas("bench", "hpo", "--set", "problems=[brannin]").returncode, 2)

    def test_the_store_tells_transactions(self):
        result = nas_json("bench", "store", "--set", "trials=5", "--set", "repeats=2")
        self.check(result, "store")
        self.assertAlmostEqual(result["transactions_per_second"] * result["median"], 3, delta=1e-9)

    def test_without_json_it_is_a_few_lines(self):
        done = nas("bench", "store", "--set", "trials=5", "--set", "repeats=1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(len(done.stdout.splitlines()), 4)
        self.assertRegex(done.stdout, r"[um]?s a trial")

    def test_mistakes_are_named(self):
        done = nas("bench", "stroe")
        self.assertEqual(done.returncode, 2)
        self.assertIn("'store'", done.stderr)
        self.assertEqual(nas("bench").returncode, 2)
        done = nas("bench", "store", "--set", "trails=5")
        self.assertEqual(done.returncode, 2)
        self.assertIn("trials", done.stderr)
        done = nas("bench", "controller", "--set", "controller=darts")
        self.assertEqual(done.returncode, 2)
        self.assertIn("supernet_step", done.stderr)


class TensorBench(Checks):
    def test_steps_are_timed(self):
        result = nas_json("bench", "train_step", *SMALL_SPACE, "--set", "space.cells_per_stage=1",
                          "--set", "batch_size=4", "--set", "runs=3", "--set", "device=cpu")
        self.check(result, "train_step")
        self.assertEqual(result["samples"], 3)
        self.assertTrue(result["versions"]["libtorch"])
        result = nas_json("bench", "supernet_step", *SMALL_SPACE, "--set", "space.cells=2", "--set",
                          "batch_size=2", "--set", "runs=2", "--set", "device=cpu")
        self.check(result, "supernet_step")
        self.assertEqual(result["settings"]["space"]["channels"], 4)

    def test_an_epoch_is_timed_with_its_scoring(self):
        result = nas_json("bench", "epoch", *SMALL_SPACE, "--set", "space.cells_per_stage=1", "--set",
                          "batch_size=4", "--set", "examples=16", "--set", "validation=8", "--set",
                          "runs=2", "--set", "augment.flip=true", "--set", "device=cpu")
        self.check(result, "epoch")
        self.assertEqual(result["samples"], 2)
        self.assertEqual(result["settings"]["augment"]["flip"], True)

    def test_its_heap_lies_in_huge_pages_unless_the_environment_says_otherwise(self):
        own = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
        kept = ("glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432:"
                "glibc.malloc.trim_threshold=17179869184")
        for given, expected in (({}, kept), ({"GLIBC_TUNABLES": ""}, "")):
            process = subprocess.Popen([NAS, "bench", "train_step", *SMALL_SPACE, "--set", "device=cpu"],
                                       stdout=subprocess.DEVNULL, env={**own, **given})
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            place = pathlib.Path(f"/proc/{process.pid}")
            # The new program's environment can be seen a little later than the program.
            while (os.readlink(place / "exe") == os.path.realpath(NAS)
                   or not (shown := (place / "environ").read_text())):
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            # glibc may have cut what the system shows at its colons.
            self.assertIn(f":GLIBC_TUNABLES={expected}:", ":" + shown.replace("\0", ":"))

    def test_candidates_are_packed(self):
        small = ["space.channels=4", "space.cells_per_stage=1", "input=1x8x8", "examples=16",
                 "validation=8", "batch_size=4"]
        results = nas_json("bench", "packing", "--set", "candidates=[1, 2]", "--set", "repeats=1",
                           "--set", "epochs=2", "--set", "device=cpu", "--set",
                           f"epoch=[{', '.join(small)}]")
        self.assertEqual([r["settings"]["candidates"] for r in results], [1, 2])
        for result in results:
            self.check(result, "packing")
        self.assertEqual(results[0]["throughput_gained"], 1)
        self.assertEqual(nas("bench", "packing", "--set", "candidates=[0]").returncode, 2)

    def test_kernels_stand_beside_layers_and_peaks(self):
        small = ["--set", "channels=8", "--set", "side=8", "--set", "batch_size=2", "--set", "runs=3",
                 "--set", "device=cpu"]
        results = nas_json("bench", "kernels", *small)
        self.assertEqual([r["settings"]["kernel"] for r in results][-1], "mixed")
        for result in results:
            self.check(result, "kernels")
            self.assertAlmostEqual(result["times_faster"] * result["median"],
                                   result["layers"]["median"], delta=1e-9)
            self.assertGreater(result["share_of_peak"], 0)
            self.assertEqual(result["bytes"], 4 * 5 * 2 * 8 * 8 * 8)
        one = nas_json("bench", "kernels", *small, "--set", "kernel=dil_conv_3x3", "--set", "stride=2")
        # Nine taps a channel and a product of all channels, thrice, for 16 outputs of 2 examples.
        self.assertEqual(one[0]["multiply_adds"], 3 * 2 * 16 * (8 * 9 + 8 * 8))
        self.assertEqual(nas("bench", "kernels", "--set", "kernel=conv").returncode, 2)

    def test_all_searchers_are_timed_but_those_with_a_supernet(self):
        results = nas_json("bench", "controller", "--set", "trials=20", "--set", "repeats=1")
        names = [result["settings"]["controller"] for result in results]
        self.assertIn("reinforce", names)
        self.assertIn("bananas", names)
        self.assertNotIn("darts", names)
        self.assertNotIn("given", names)
        for result in results:
            self.check(result, "controller")

    def test_a_latency_table_is_written(self):
        with scratch() as folder:
            file = write(f"{folder}/c.yaml", "space: {type: nas_bench_201, channels: 4, "
                         "cells_per_stage: 1}\ncontroller: {type: random}\nevaluator: {type: train}\n"
                         "hardware: {table: t.json, runs: 2, warmup: 0}\n")
            result = nas_json("bench", "latency-table", file, "--to", f"{folder}/t.json")
            self.check(result, "latency-table")
            self.assertEqual(result["samples"], result["entries"])
            self.assertEqual(result["prediction"]["networks"], 10)
            self.assertEqual(nas("bench", "latency-table", file).returncode, 2)
            self.assertEqual(nas("space", file).returncode, 0)


if __name__ == "__main__":
    unittest.main()
