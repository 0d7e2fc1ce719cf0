"""`nas schema` tells every key: to editors as a JSON Schema, to people as docs/reference.md."""

import json
import pathlib
import unittest

from support import ROOT, nas, scratch, write

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = None

RIGHT = """
experiment: {name: x}
data: {dataset: digits}
space:
  type: product
  parts:
    arch: {type: nas_bench_201, channels: 8}
    more:
      type: parameters
      parameters: {rate: {type: float, low: 1e-3, high: 1}, seed: {value: 7}}
controller: {type: regularized_evolution, population: 8}
evaluator: {type: train, epochs: 2, optimizer: {momentum: 0.5}}
budget: {trials: 1K, wall_time: 2h}
stages: {retrain: , report: {}}
"""


class Schema(unittest.TestCase):
    def test_the_page_in_docs_is_what_the_code_says(self):
        written = (ROOT / "docs" / "reference.md").read_text()
        self.assertEqual(written, nas("schema", "--markdown").stdout,
                         "write it again: nas schema --markdown > docs/reference.md")

    def test_every_key_has_a_meaning(self):
        def unexplained(schema, path):
            for name, key in schema.get("properties", {}).items():
                if key is True:
                    continue
                if not key.get("description"):
                    yield f"{path}.{name}"
                yield from unexplained(key, f"{path}.{name}")
            for rule in schema.get("allOf", []):
                yield from unexplained(rule.get("then", {}), path)
            for inner in ("items", "additionalProperties"):
                if isinstance(schema.get(inner), dict):
                    yield from unexplained(schema[inner], path)

        schema = json.loads(nas("schema").stdout)
        self.assertGreater(len(schema["properties"]), 15)
        self.assertEqual(list(unexplained(schema, "")), [])


@unittest.skipUnless(jsonschema, "no jsonschema and yaml for Python: tools/setup installs them")
class Judged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        schema = json.loads(nas("schema").stdout)
        jsonschema.Draft7Validator.check_schema(schema)
        cls.validator = jsonschema.Draft7Validator(schema)

    def problems(self, text):
        return [f"{list(one.absolute_path)}: {one.message}"
                for one in self.validator.iter_errors(yaml.safe_load(text))]

    def test_every_configuration_is_right(self):
        configs = sorted((ROOT / "configs").rglob("*.yaml"))
        self.assertGreater(len(configs), 40)
        for config in configs:
            with self.subTest(config=config.name):
                self.assertEqual(self.problems(config.read_text()), [])

    def test_what_it_calls_a_default_is_what_a_run_has(self):
        with scratch() as folder:
            config = write(f"{folder}/c.yaml", "controller: {type: random}\n"
                           "space: {type: parameters, parameters: {x: {type: int, low: 1, high: 2}}}\n")
            nas("ask", config, "--out", f"{folder}/run")
            resolved = yaml.safe_load(pathlib.Path(folder, "run", "config.yaml").read_text())

        def differences(keys, schema, path):
            for name, value in keys.items():
                known = schema.get("properties", {}).get(name, {})
                if isinstance(value, dict):
                    yield from differences(value, known, f"{path}{name}.")
                elif known.get("default", value) != value:
                    yield f"{path}{name}: {value}, not {known['default']}"

        self.assertEqual(resolved["budget"]["trials"], 100)
        self.assertEqual(list(differences(resolved, self.validator.schema, "")), [])

    def test_mistakes_are_found(self):
        self.assertEqual(self.problems(RIGHT), [])
        for right, wrong in (("experiment: {name: x}", "experiment: {nme: x}"),
                             ("data: {dataset: digits}", "data: {dataset: digts}"),
                             ("data: {dataset", "dta: {dataset"),
                             ("population: 8", "population: 0"),
                             ("population: 8", "populaton: 8"),
                             ("regularized_evolution", "random"),  # has no population
                             ("type: regularized_evolution, ", ""),
                             ("channels: 8", "cells: 8"),
                             ("low: 1e-3, ", ""),
                             ("epochs: 2", "epochs: two"),
                             ("momentum: 0.5", "beta1: 0.5"),
                             ("momentum: 0.5", "type: adam, momentum: 0.5"),
                             ("trials: 1K", "trials: 1X"),
                             ("wall_time: 2h", "wall_time: 2 hours"),
                             ("report: {}", "raport: {}")):
            with self.subTest(wrong=wrong):
                self.assertIn(right, RIGHT)
                self.assertTrue(self.problems(RIGHT.replace(right, wrong)))


if __name__ == "__main__":
    unittest.main()
