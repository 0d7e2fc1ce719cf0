"""Spaces from the command line: listing, sampling, counting."""

import unittest

from support import nas, nas_json, scratch, write

DARTS_V2 = ("normal=[(sep_conv_3x3,0),(sep_conv_3x3,1),(sep_conv_3x3,0),(sep_conv_3x3,1),"
            "(sep_conv_3x3,1),(skip_connect,0),(skip_connect,0),(dil_conv_3x3,2)] "
            "normal_concat=[2,3,4,5] "
            "reduce=[(max_pool_3x3,0),(max_pool_3x3,1),(skip_connect,2),(max_pool_3x3,1),"
            "(max_pool_3x3,0),(skip_connect,2),(skip_connect,2),(max_pool_3x3,1)] "
            "reduce_concat=[2,3,4,5]")
DARTS_V1 = ("normal=[(sep_conv_3x3,1),(sep_conv_3x3,0),(skip_connect,0),(sep_conv_3x3,1),"
            "(skip_connect,0),(sep_conv_3x3,1),(sep_conv_3x3,0),(skip_connect,2)] "
            "normal_concat=[2,3,4,5] "
            "reduce=[(max_pool_3x3,0),(max_pool_3x3,1),(skip_connect,2),(max_pool_3x3,0),"
            "(max_pool_3x3,0),(skip_connect,2),(skip_connect,2),(avg_pool_3x3,0)] "
            "reduce_concat=[2,3,4,5]")
OPERATIONS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]


def cell(indices):
    a, b, c, d, e, f = (OPERATIONS[i] for i in indices)
    return f"|{a}~0|+|{b}~0|{c}~1|+|{d}~0|{e}~1|{f}~2|"


class Spaces(unittest.TestCase):
    def test_every_nas_bench_201_cell_has_the_counts_of_the_closed_forms(self):
        cells = [[i // 5 ** k % 5 for k in range(6)] for i in range(5 ** 6)]
        with scratch() as folder:
            file = write(f"{folder}/all.txt", "\n".join(map(cell, cells)) + "\n")
            measured = nas_json("measure", "nas_bench_201", "--arch-file", file)
        self.assertEqual(len(measured), 15625)
        for indices, got in zip(cells, measured):
            n1, n3 = indices.count(2), indices.count(3)
            self.assertEqual(got["arch"], cell(indices))
            self.assertEqual(got["parameters"], 73306 + 28000 * n1 + 243040 * n3)
            self.assertAlmostEqual(got["multiply_adds"] / 1e6,
                                   7.78305 + 3.93216 * (n1 + 9 * n3), places=4)

    def test_published_darts_cells_have_the_published_parameter_counts(self):
        options = ["--set", "channels=36", "--set", "cells=20", "--classes", "10"]
        for genotype, parameters in ((DARTS_V2, 3349342), (DARTS_V1, 3169414)):
            got = nas_json("measure", "darts", "--arch", genotype, *options)
            self.assertEqual(got["parameters"], parameters)

    def test_sampled_points_parse_again(self):
        for space in ("nas_bench_201", "darts"):
            listed = nas_json("space", space, "--sample", 5, "--seed", 3)
            self.assertEqual(len(listed["points"]), 5)
            for point in listed["points"]:
                got = nas_json("measure", space, "--arch", point["arch"],
                               *(["--set", "cells=3"] if space == "darts" else []))
                self.assertEqual(got["arch"], point["arch"])
        self.assertEqual(nas_json("space", "nas_bench_201")["size"], 15625)

    def test_a_misspelt_architecture_is_refused_with_the_place(self):
        done = nas("measure", "nas_bench_201", "--arch", cell([0] * 6).replace("none", "nome"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("nome", done.stderr)

    def test_a_misspelt_space_names_the_nearest(self):
        done = nas("measure", "nas_bench_210", "--arch", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nas_bench_201", done.stderr)

    def test_a_space_is_all_that_its_file_needs(self):
        with scratch() as folder:
            file = write(f"{folder}/space.yaml", "space: {type: nats_size, channels: 16}\n")
            self.assertEqual(nas_json("space", file)["size"], 2 ** 5)
            missing = nas("space", f"{folder}/nowhere.yaml")
        self.assertEqual(missing.returncode, 2)
        self.assertIn("nowhere.yaml: no such file", missing.stderr)

    def test_what_follows_a_setting_is_an_argument(self):
        got = nas_json("space", "--set", "channels=16", "nats_size")
        self.assertEqual(got["size"], 2 ** 5)


if __name__ == "__main__":
    unittest.main()
