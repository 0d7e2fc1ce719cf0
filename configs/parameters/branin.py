"""Branin's function; its least value is 0.397887.

A program that `nas` tunes: it reads one line of JSON a trial and answers with one.
"""
import json
import math
import sys


def branin(x1, x2):
    a = x2 - 5.1 / (4 * math.pi ** 2) * x1 ** 2 + 5 / math.pi * x1 - 6
    return a ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x1) + 10


for line in sys.stdin:
    point = json.loads(line)["point"]
    print(json.dumps({"metrics": {"loss": branin(point["x1"], point["x2"])}}), flush=True)
