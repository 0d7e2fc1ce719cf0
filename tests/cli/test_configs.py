"""Every configuration that comes with the project is read without a mistake."""

import os
import subprocess
import unittest

from support import DATA, ROOT, nas, scratch, write

# Folders of data that are no part of the project.
OUTSIDE = ("cifar10", "nas_bench_201", "nas_bench_macro", "tabular", "speech_digits")


class Configs(unittest.TestCase):
    def test_every_configuration_is_read(self):
        skipped = []
        with scratch() as folder:
            self.read_all(folder, skipped)
        if skipped:
            self.skipTest(f"no data in {DATA} for {', '.join(skipped)}")

    def read_all(self, folder, skipped):
        subprocess.run([ROOT / "tools" / "make_fraud_data", f"{folder}/runs/fraud.csv", "--rows", "1000"],
                       check=True)
        for config in sorted((ROOT / "configs").rglob("*.yaml")):
            needed = [name for name in OUTSIDE
                      if config.parts[-2] == name or f"path: {name}/" in config.read_text()]
            if not all((DATA / name).exists() for name in needed):
                skipped.append(config.name)
                continue
            with self.subTest(config=str(config)):
                done = nas("space", config, cwd=folder, env={**os.environ, "NAS_DATA": str(DATA)})
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_configuration_in_the_readme_is_right_but_for_its_data(self):
        text = (ROOT / "README.md").read_text().split("```yaml\n")[1].split("```")[0]
        with scratch() as folder:
            write(f"{folder}/my_images.tar.gz", "")
            done = nas("space", write(f"{folder}/mine.yaml", text))
            self.assertNotIn("mine.yaml", done.stderr)  # no key of it is a mistake
            self.assertIn("my_images.tar.gz", done.stderr)


if __name__ == "__main__":
    unittest.main()
