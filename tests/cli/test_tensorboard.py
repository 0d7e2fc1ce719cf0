"""tensorboard/ of a run's folder, read record by record and, where it is installed, by TensorBoard."""

import json
import pathlib
import struct
import unittest

from support import nas, nas_json, scratch, write

CONFIG = """\
experiment: {name: events, seed: 3}
space: {type: parameters, parameters: {x: {type: float, low: 0, high: 1}, kind: {type: categorical, choices: [a, b]}}}
objectives: [{metric: loss, goal: minimize}]
controller: {type: random}
budget: {trials: 6}
workers: 1
evaluator: {type: command, command: [python3, objective.py], timeout: 60s}
"""
PROGRAM = """\
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    for step in (1, 2):
        print(json.dumps({"progress": step, "metrics": {"loss": asked["point"]["x"] / step}}), flush=True)
        sys.stdin.readline()
    if asked["trial"] == 2:
        print(json.dumps({"error": "no, \\"never\\""}), flush=True)
    else:
        print(json.dumps({"metrics": {"loss": asked["point"]["x"] / 2, "size": 5}}), flush=True)
"""


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def records(path):
    """Messages of an event file whose lengths and checksums are right."""
    data, found = path.read_bytes(), []
    masked = lambda part: (crc32c(part) >> 15 | crc32c(part) << 17 & 0xFFFFFFFF) + 0xA282EAD8 & 0xFFFFFFFF
    while data:
        length, = struct.unpack("<Q", data[:8])
        assert struct.unpack("<I", data[8:12])[0] == masked(data[:8])
        message, data = data[12:12 + length], data[12 + length:]
        assert len(message) == length and struct.unpack("<I", data[:4])[0] == masked(message)
        found.append(message)
        data = data[4:]
    return found


class Tensorboard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = scratch()
        write(f"{cls.scratch.name}/objective.py", PROGRAM)
        config = write(f"{cls.scratch.name}/c.yaml", CONFIG)
        cls.run_folder = pathlib.Path(cls.scratch.name, "run")
        done = nas("run", config, "--out", cls.run_folder, cwd=cls.scratch.name, timeout=120)
        assert done.returncode == 0, done.stderr
        cls.events = cls.run_folder / "tensorboard"
        cls.trials = nas_json("trials", cls.run_folder)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_every_record_is_whole(self):
        files = sorted(self.events.rglob("*tfevents*"))
        self.assertEqual([file.parent.name for file in files],
                         ["search", *(f"trial-{number:06}" for number in range(6))])
        self.assertEqual(len(records(files[0])), 1 + 5)  # a failed trial has no metrics
        self.assertEqual(len(records(files[1])), 1 + 2 + 2 + 1)

    def test_what_a_killed_run_left_torn_is_written_anew(self):
        file = next((self.events / "search").iterdir())
        whole = records(file)[1:]  # the first one has the time of its writing
        file.write_bytes(file.read_bytes()[:-7])
        self.assertEqual(nas("resume", self.run_folder, cwd=self.scratch.name).returncode, 0)
        self.assertEqual(records(file)[1:], whole)

    def test_tensorboard_shows_it(self):
        try:
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            from tensorboard.plugins.hparams import plugin_data_pb2
        except ImportError:
            self.skipTest("tensorboard is not installed")
        search = EventAccumulator(str(self.events / "search"))
        search.Reload()
        losses = {event.step: event.value for event in search.Scalars("loss")}
        self.assertEqual(set(losses), {0, 1, 3, 4, 5})
        for number, value in losses.items():
            self.assertAlmostEqual(value, self.trials[number]["metrics"]["loss"], places=6)
        self.assertAlmostEqual(search.Scalars("best")[-1].value, min(losses.values()), places=6)
        trial = EventAccumulator(str(self.events / "trial-000001"))
        trial.Reload()
        self.assertEqual([event.step for event in trial.Scalars("loss")], [1, 2])
        content = trial.summary_metadata["_hparams_/session_start_info"].plugin_data.content
        start = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
        self.assertEqual(start.hparams["x"].number_value, self.trials[1]["point"]["x"])
        self.assertEqual(start.hparams["kind"].string_value, self.trials[1]["point"]["kind"])

    def test_trials_as_csv_are_what_they_are_in_json(self):
        import csv
        rows = list(csv.DictReader(nas("trials", self.run_folder, "--csv").stdout.splitlines()))
        self.assertEqual(len(rows), 6)
        for row, trial in zip(rows, self.trials):
            self.assertEqual(float(row["point.x"]), trial["point"]["x"])
            self.assertEqual(row["point.kind"], trial["point"]["kind"])
            self.assertEqual(row["loss"] and float(row["loss"]), trial["metrics"].get("loss", ""))
            self.assertEqual(json.loads(row["arch"]), trial["point"])
        self.assertEqual(rows[2]["error"], 'error: no, "never"')
        both = nas("trials", self.run_folder, "--csv", "--json")
        self.assertEqual(both.returncode, 2)


if __name__ == "__main__":
    unittest.main()
