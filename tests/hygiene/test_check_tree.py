"""The checkers themselves: a tree made to break each rule is found out."""

import pathlib
import tempfile
import unittest

from check_headers import complaints, light_headers
from check_tree import breaches
from cpp_functions import functions

LONG_FUNCTION = "int f() {\n" + "  g();\n" * 70 + "}\n"
LONG_METHOD = ("struct S {\n  void f(int a,\n         int b) const {\n" + "    g();\n" * 70 + "  }\n};\n")


class Tree(unittest.TestCase):
    def found(self, path, text):
        with tempfile.TemporaryDirectory() as folder:
            # Something to check besides; the file itself where that is a source.
            for name, content in (("nas/core/a.cpp", "int x;\n"), (path, text)):
                file = pathlib.Path(folder, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
            return "\n".join(breaches(folder))

    def test_a_clean_file_is_let_pass(self):
        self.assertEqual(self.found("nas/core/a.hpp", "#pragma once\n"), "")

    def test_an_empty_tree_is_a_breach(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(breaches(folder), ["no sources here"])

    def test_each_rule_is_held(self):
        middling = "".join(f"int f{i}() {{\n" + "  g();\n" * 30 + "}\n" for i in range(3))
        for path, text, message in (
                ("nas/core/a.cpp", "int x;\n" * 800, "800 lines, at most 700"),
                ("nas/core/a.cpp", "int x;\n" * 101, "median file of 101"),
                ("nas/core/a.cpp", LONG_FUNCTION, "a.cpp:1: function of 72 lines"),
                ("nas/core/a.cpp", LONG_METHOD, "a.cpp:2: function of 73 lines"),
                ("nas/core/a.cpp", middling, "3 of 3 functions are over 25 lines"),
                ("nas/core/a.hpp", "int x;\n", "lacks #pragma once"),
                ("nas/core/a.cpp", '#include "nas/plan/layer.hpp"\n', "must not include"),
                ("nas/run/a.cpp", '#include "nas/report/html.hpp"\n', "must not include"),
                ("search_spaces/a.cpp", '#include "tools/program.hpp"\n', "must not include"),
                ("nas/plan/a.cpp", "#include <torch/types.h>\n", "without LibTorch"),
                ("controllers/a.cpp", '#include "nas/torch/torch.hpp"\n', "without LibTorch"),
                ("nas/train/a.cpp", "#include <torch/torch.h>\n", "torch/torch.h is included"),
                ("tools/a.cpp", 'auto p = "/root/x";\n', "one machine"),
                ("tools/setup", "#!/bin/sh\nls /home/me\n", "one machine"),
                ("README.md", "see [this](gone.md)\n", "links to gone.md")):
            with self.subTest(message=message, path=path):
                self.assertIn(message, self.found(path, text))


class Functions(unittest.TestCase):
    def test_bodies_are_told_from_other_braces(self):
        text = """
namespace nas {
const int table[] = {1, 2};  // } a brace in a comment
enum class E { a, b };
struct S {
  S() : a_{1}, b_(2) {
    x();
  }
  int get() const { return a_; }
  int a_{0};
};
std::string brace() { return "}" + R"({{)" + '}'; }
template <class T>
void lambda(T t) {
  each([&] {
    if (t) { y(); }
  });
}
}
"""
        self.assertEqual(functions(text), [(6, 3), (9, 1), (12, 1), (13, 6)])


class Headers(unittest.TestCase):
    def test_a_header_that_leans_on_others_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            core = pathlib.Path(folder, "nas/core")
            core.mkdir(parents=True)
            (core / "good.hpp").write_text("#pragma once\n#include <string>\nstd::string a();\n")
            (core / "bad.hpp").write_text("#pragma once\nstd::string b();\n")
            (core / "torch.hpp").write_text("#pragma once\n#include <torch/types.h>\n")
            (core / "leaf.hpp").write_text('#pragma once\n#include "nas/core/torch.hpp"\n')
            root = pathlib.Path(folder)
            self.assertEqual(light_headers(root), ["nas/core/bad.hpp", "nas/core/good.hpp"])
            count, found = complaints(root, [])
            self.assertEqual((count, len(found)), (2, 1))
            self.assertIn("nas/core/bad.hpp does not compile alone", found[0])


if __name__ == "__main__":
    unittest.main()
