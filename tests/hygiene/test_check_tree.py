"""The checker itself: a tree made to break each rule is found out."""

import pathlib
import tempfile
import unittest

from check_tree import breaches


class Checker(unittest.TestCase):
    def found(self, path, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return "\n".join(breaches(folder))

    def test_a_clean_file_is_let_pass(self):
        self.assertEqual(self.found("nas/core/a.hpp", "#pragma once\n"), "")

    def test_each_rule_is_held(self):
        long_function = "int f() {\n" + "  g();\n" * 70 + "}\n"
        for path, text, message in (
                ("nas/core/a.cpp", "int x;\n" * 800, "800 lines"),
                ("nas/core/a.cpp", long_function, "function of"),
                ("nas/core/a.hpp", "int x;\n", "pragma once"),
                ("nas/core/a.cpp", '#include "nas/plan/layer.hpp"\n', "must not include"),
                ("nas/plan/a.cpp", "#include <torch/types.h>\n", "without LibTorch"),
                ("nas/train/a.cpp", "#include <torch/torch.h>\n", "torch.hpp alone"),
                ("tools/a.cpp", 'auto p = "/root/x";\n', "one machine")):
            self.assertIn(message, self.found(path, text))


if __name__ == "__main__":
    unittest.main()
