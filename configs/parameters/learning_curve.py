"""Learning curves of a made-up training; the best reaches an accuracy of 95.

A program that `nas` tunes with budgets: it answers with the accuracy after `budget` epochs. Points
that learn fast end lower than the best, those with a small learning rate look worse than they are.
"""
import json
import math
import random
import sys


def accuracy(point, epochs, seed):
    lr = math.log10(point["lr"])
    decay = math.log10(point["weight_decay"])
    width = math.log2(point["width"])
    distance = (lr + 1.5) ** 2 / 2 + (decay + 3) ** 2 / 6 + (point["dropout"] - 0.3) ** 2 * 8
    distance += (8 - width) ** 2 / 30
    if point["opt"] == "adam":
        distance += 0.02
    else:
        distance += (point["momentum"] - 0.9) ** 2
    final = 10 + 85 * math.exp(-distance / 3)
    pace = 1 + 3 * 10 ** (max(-1.5 - lr, 0) / 1.5) + width / 4  # epochs
    noise = random.Random(f"{seed} {epochs}").gauss(0, 0.3)
    return final - (final - 10) * math.exp(-epochs / pace) + noise


for line in sys.stdin:
    trial = json.loads(line)
    result = accuracy(trial["point"], trial["budget"] or 81, trial["seed"])
    print(json.dumps({"metrics": {"accuracy": result}}), flush=True)
