"""A short real search on the embedded digits: what a newcomer gets, signals, faults."""

import json
import pathlib
import signal
import subprocess
import time
import unittest

from support import NAS, ROOT, nas, nas_json, read_safetensors, scratch, write

SHORT = ["--set", "budget.trials=3", "--set", "evaluator.epochs=1", "--set",
         "stages.retrain.seeds=1", "--set", "stages.retrain.epochs=2", "--workers", "2"]
QUICK = ROOT / "configs" / "quick" / "digits.yaml"


class DigitsRun(unittest.TestCase):
    def test_a_run_leaves_everything_that_was_promised(self):
        with scratch() as name:
            folder = pathlib.Path(name, "run")
            done = nas("run", QUICK, "--out", folder, *SHORT)
            self.assertEqual(done.returncode, 0, done.stderr)
            for part in ("test_accuracy", "parameters", "report.html", "weights.safetensors"):
                self.assertIn(part, done.stdout)
            for file in ("config.yaml", "trials.db", "log.jsonl", "report.html", "provenance.json",
                         "best/point.json", "best/arch.txt", "best/metrics.json",
                         "best/weights.safetensors"):
                self.assertTrue((folder / file).exists(), file)
            tensors, metadata = read_safetensors(folder / "best" / "weights.safetensors")
            self.assertIn("classifier.weight", tensors)
            self.assertEqual(metadata["arch"], (folder / "best" / "arch.txt").read_text().strip())
            provenance = json.loads((folder / "provenance.json").read_text())
            self.assertTrue(provenance["device"])
            self.assertEqual(len(provenance["attempts"]), 1)
            for line in (folder / "log.jsonl").read_text().splitlines():
                json.loads(line)
            self.assertEqual(len(nas_json("trials", folder)), 3)
            self.assertEqual(nas_json("status", folder)["state"], "finished")

    def test_stop_signals_save_and_exit_75_and_the_same_command_goes_on(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR2):
            with scratch() as name:
                arguments = [NAS, "run", QUICK, "--out", f"{name}/run", *SHORT]
                process = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.DEVNULL,
                                           stderr=subprocess.PIPE, text=True)
                while not pathlib.Path(name, "run", "log.jsonl").exists():
                    time.sleep(0.05)
                time.sleep(0.5)
                process.send_signal(number)
                _, errors = process.communicate(timeout=120)
                self.assertEqual(process.returncode, 75, errors)
                self.assertEqual(nas_json("status", f"{name}/run")["state"], "interrupted")
                again = subprocess.run(list(map(str, arguments)), capture_output=True, timeout=600)
                self.assertEqual(again.returncode, 0, again.stderr)

    def test_a_second_run_in_the_same_folder_is_refused_by_name(self):
        with scratch() as name:
            arguments = [NAS, "run", QUICK, "--out", f"{name}/run", *SHORT]
            first = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.DEVNULL)
            while not pathlib.Path(name, "run", "log.jsonl").exists():
                time.sleep(0.05)
            second = subprocess.run(list(map(str, arguments)), capture_output=True, text=True)
            self.assertEqual(second.returncode, 1)
            self.assertIn(f"process {first.pid}", second.stderr)
            self.assertEqual(first.wait(600), 0)

    def test_light_commands_load_no_libtorch_and_start_at_once(self):
        libraries = subprocess.run(["ldd", NAS], capture_output=True, text=True).stdout
        self.assertNotIn("torch", libraries)

    def test_one_architecture_is_trained_and_tested(self):
        with scratch() as name:
            metrics = nas_json("train", QUICK, "--arch",
                               "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|"
                               "nor_conv_1x1~2|", "--out", f"{name}/t", "--set", "evaluator.epochs=3")
            self.assertGreater(metrics["test_accuracy"], 80)
            self.assertGreater(metrics["validation_accuracy"], 80)

    def test_a_device_that_is_not_there_is_told_once(self):
        with scratch() as name:
            done = nas("run", QUICK, "--out", f"{name}/run", *SHORT, "--device", "gpu")
            self.assertEqual(done.returncode, 2)
            self.assertIn("device 'gpu': expected cpu", done.stderr)
            trials = nas_json("trials", f"{name}/run")
            self.assertEqual([trial for trial in trials if trial["error"]], [])

    def test_the_best_of_a_table_is_retrained_for_the_data_that_are_given(self):
        with scratch() as name:
            write(f"{name}/table.csv", "arch,score\n8:8:8:8:8,1\n8:8:8:8:16,2\n")
            config = write(f"{name}/c.yaml", "data: {dataset: digits}\n"
                           "space: {type: nats_size, channels: 16, cells_per_stage: 1}\n"
                           "controller: {type: grid}\nbudget: {trials: 40}\n"
                           "evaluator: {type: table, path: table.csv, metrics: {accuracy: score}}\n"
                           "objectives: [{metric: accuracy}]\n"
                           "stages: {retrain: {seeds: 1, epochs: 1}}\n")
            done = nas("run", config, "--out", f"{name}/run")
            self.assertEqual(done.returncode, 0, done.stderr)
            tensors, metadata = read_safetensors(f"{name}/run/best/weights.safetensors")
            self.assertEqual(metadata["arch"], "8:8:8:8:16")
            self.assertEqual(tensors["stem.conv.weight"][1][1], 1)  # grey

    def test_a_supernets_search_names_metrics_that_are_there_and_has_no_best_that_breaks_a_constraint(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", "data: {dataset: digits, limit: 200}\n"
                           "space: {type: nas_bench_201, channels: 4, cells_per_stage: 1}\n"
                           "controller: {type: darts, epochs: 1}\nevaluator: {type: train, epochs: 1}\n")
            out = ("--out", f"{folder}/run")
            for key, change in (("constraints: found 'paramters'", "constraints=[paramters <= 1M]"),
                                ("objectives.0.metric: found 'super_loss'", "objectives=[{metric: super_loss}]")):
                done = nas("run", config, *out, "--set", change)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(key, done.stderr)
            done = nas("run", config, *out, "--set", "constraints=[parameters <= 10]")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertRegex(done.stderr, r"constraint: parameters: found \d+, expected at most 10")
            self.assertFalse(pathlib.Path(folder, "run", "best").exists())

    def test_diverging_candidates_are_failed_trials_with_their_reason(self):
        with scratch() as name:
            done = nas("run", QUICK, "--out", f"{name}/run", *SHORT, "--set",
                       "evaluator.learning_rate=1000", "--set", "evaluator.optimizer.weight_decay=9")
            self.assertEqual(done.returncode, 1)
            self.assertIn("nan", done.stderr)
            trials = nas_json("trials", f"{name}/run")
            self.assertEqual({trial["error"]["kind"] for trial in trials}, {"nan"})


if __name__ == "__main__":
    unittest.main()
