"""`nas doctor` tells what keeps a machine or a configuration from running."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

import generated_data
from support import NAS, nas, scratch, write

CONFIG = """
experiment: {name: d}
data: {dataset: DATASET}
space: {type: nas_bench_201}
controller: {type: random}
evaluator: {type: train}
"""


def examined(*arguments, **options):
    """subject -> finding, and the exit status."""
    done = nas("doctor", *arguments, "--json", **options)
    return {one["subject"]: one for one in json.loads(done.stdout)}, done.returncode


class Doctor(unittest.TestCase):
    def test_a_machine_that_can_run_is_well(self):
        tensor = pathlib.Path(NAS).with_name("nas-tensor").exists()
        with scratch() as folder:
            found, status = examined("--out", f"{folder}/runs/x")
            self.assertEqual(status, 0 if tensor else 1, found)
            self.assertLessEqual({"nas", "processor", "memory", "SQLite", "PostgreSQL client",
                                  "nas-tensor", "run folder"}, set(found))
            self.assertRegex(found["SQLite"]["found"], r"^3\.\d+")
            self.assertIn("free", found["run folder"]["found"])
            if tensor:
                self.assertRegex(found["LibTorch"]["found"], r"^\d+\.\d+")
            for one in found.values():
                self.assertEqual(one["health"] == "ok", one["advice"] == "", one)
            text = nas("doctor", "--out", folder).stdout
            self.assertRegex(text, r"(?m)^ok +SQLite +3")

    def test_a_configuration_with_its_data_is_tried(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", CONFIG.replace("DATASET", "digits"))
            found, _ = examined(config)
            self.assertEqual(found["configuration"]["health"], "ok")
            self.assertIn("10 classes", found["data"]["found"])

    def test_faults_are_named_with_what_to_do(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes", count=10)
            pathlib.Path(folder, "stripes", "across", "3.png").write_bytes(b"broken")
            data = CONFIG.replace("DATASET", "images, path: stripes")
            write(f"{folder}/file", "")
            for subject, text, arguments in (
                    ("configuration", CONFIG.replace("DATASET", "digts"), ()),
                    ("data", data, ()),
                    ("run folder", data, ("--out", f"{folder}/file/run")),
                    ("store", data + "store: {url: 'postgresql://127.0.0.1:1/x'}", ())):
                with self.subTest(subject=subject):
                    found, status = examined(write(f"{folder}/c.yaml", text), *arguments)
                    self.assertEqual(status, 1)
                    self.assertEqual(found[subject]["health"], "fault", found)
                    self.assertTrue(found[subject]["advice"])

    def test_who_has_no_configuration_yet_is_told_how_to_get_one(self):
        found, status = examined("nowhere.yaml")
        self.assertEqual(status, 1)
        self.assertIn("nowhere.yaml: no such file", found["configuration"]["found"])
        self.assertIn("nas init", found["configuration"]["advice"])

    def test_a_missing_tensor_program_is_a_fault(self):
        with scratch() as folder:
            alone = shutil.copy(NAS, f"{folder}/nas")
            done = subprocess.run([alone, "doctor", "--json"], capture_output=True, text=True,
                                  env={**os.environ}, timeout=60)
            self.assertEqual(done.returncode, 1)
            found = {one["subject"]: one for one in json.loads(done.stdout)}
            self.assertIn("is not there", found["nas-tensor"]["found"])


if __name__ == "__main__":
    unittest.main()
