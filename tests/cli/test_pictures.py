"""Class folders as people have them: damaged pictures, links, names in other encodings."""

import json
import os
import pathlib
import shutil
import unittest

import generated_data
from support import nas, scratch, write

CONFIG = """
experiment: {name: stripes}
data: {dataset: images, path: stripes, image_size: 8}
space: {type: nas_bench_201, channels: 4, cells_per_stage: 1}
controller: {type: random}
evaluator: {type: train, epochs: 1}
budget: {trials: 1}
stages: {retrain: {seeds: 1, epochs: 1}}
"""


class Pictures(unittest.TestCase):
    def refused(self, folder, *said):
        """A run of `stripes` ends at its start."""
        done = nas("run", write(f"{folder}/c.yaml", CONFIG), "--out", f"{folder}/run")
        self.assertEqual(done.returncode, 2, done.stderr)
        for text in said:
            self.assertIn(text, done.stderr)
        self.assertFalse(pathlib.Path(folder, "run").exists())

    def test_a_damaged_test_picture_is_found_before_the_search(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes/train", count=10)
            shutil.copytree(f"{folder}/stripes/train", f"{folder}/stripes/test")
            pathlib.Path(folder, "stripes", "test", "across", "3.png").write_bytes(b"broken")
            self.refused(folder, "stripes/test/across/3.png': expected JPEG or PNG")
            pathlib.Path(folder, "stripes", "train", "upright", "0.png").write_bytes(b"broken")
            self.refused(folder, "stripes: 2 pictures cannot be read", "train/upright/0.png")

    def test_damaged_pictures_of_all_shares_are_told_at_once(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes", count=10)
            for picture in pathlib.Path(folder, "stripes", "across").glob("*.png"):
                picture.write_bytes(picture.read_bytes()[:60])
            self.refused(folder, "stripes: 10 pictures cannot be read", "not a whole PNG")

    def test_class_folders_may_be_links(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/elsewhere", count=10)
            linked = pathlib.Path(folder, "stripes")
            linked.mkdir()
            for name in ("across", "upright"):
                (linked / name).symlink_to(f"../elsewhere/{name}")
            done = nas("init", linked, "-o", f"{folder}/c.yaml")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("across (10), upright (10)", pathlib.Path(folder, "c.yaml").read_text())

    def test_a_run_does_not_go_on_with_other_pictures(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes", count=10)
            config = write(f"{folder}/c.yaml", CONFIG.replace("stages:", "#"))
            done = nas("run", config, "--out", f"{folder}/run")
            self.assertEqual(done.returncode, 0, done.stderr)
            provenance = json.loads(pathlib.Path(folder, "run", "provenance.json").read_text())
            self.assertEqual(provenance["data"]["files"], 20)
            write(f"{folder}/stripes/.DS_Store", "no picture")
            self.assertEqual(nas("resume", f"{folder}/run").returncode, 0)
            pathlib.Path(folder, "stripes", "across", "3.png").unlink()
            done = nas("resume", f"{folder}/run")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertRegex(done.stderr, r"stripes': found 19 files of \d+ bytes, the run began with 20 of \d+")
            self.assertEqual(nas("run", config, "--out", f"{folder}/other").returncode, 0)

    def test_a_class_whose_name_is_in_another_encoding_is_refused(self):
        with scratch() as folder:
            generated_data.class_folders(f"{folder}/stripes", count=10)
            os.rename(f"{folder}/stripes/across", os.fsencode(f"{folder}/stripes/") + b"gr\xf6n")
            said = r"class 'gr\xf6n': found byte 0xf6, expected text in UTF-8"
            self.refused(folder, said)
            done = nas("init", f"{folder}/stripes", "-o", f"{folder}/c.yaml", "--force")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
