"""The functions of `nas bench hpo` (tools/bench/hpo_problems.cpp, hpo_mixed_problems.cpp) for other
tuners: PROBLEMS maps a name to (function of a trial, least value, deviation of the noise). A trial
has suggest_float, suggest_int and suggest_categorical, as Optuna's has."""

import math

HEIGHTS = (1.0, 1.2, 3.0, 3.2)
HARTMANN3 = (((3, 10, 30), (.1, 10, 35), (3, 10, 30), (.1, 10, 35)),
             ((.3689, .1170, .2673), (.4699, .4387, .7470), (.1091, .8732, .5547),
              (.03815, .5743, .8828)))
HARTMANN6 = (((10, 3, 17, 3.5, 1.7, 8), (.05, 10, 17, .1, 8, 14), (3, 3.5, 1.7, 10, 17, 8),
              (17, 8, .05, 10, .1, 14)),
             ((.1312, .1696, .5569, .0124, .8283, .5886), (.2329, .4135, .8307, .3736, .1004, .9991),
              (.2348, .1451, .3522, .2883, .3047, .6650), (.4047, .8828, .8732, .5743, .1091, .0381)))


def box(dimensions, low, high, function):
    """A function of a list of numbers as a function of a trial."""
    return lambda trial: function([trial.suggest_float(f"x{i}", low, high) for i in range(dimensions)])


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    return ((y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6) ** 2
            + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10)


def hartmann(constants):
    def value(x):
        return -sum(height * math.exp(-sum(a * (v - c) ** 2 for a, v, c in zip(row, x, centre)))
                    for height, row, centre in zip(HEIGHTS, *constants))
    return value


def ackley(x):
    squares, waves = sum(v * v for v in x), sum(math.cos(2 * math.pi * v) for v in x)
    return 20 - 20 * math.exp(-.2 * math.sqrt(squares / len(x))) + math.e - math.exp(waves / len(x))


def levy(x):
    w = [1 + (v - 1) / 4 for v in x]
    return (math.sin(math.pi * w[0]) ** 2
            + sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
            + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2))


def rosenbrock(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def six_hump_camel(trial):
    a, b = trial.suggest_float("x", -3, 3), trial.suggest_float("y", -2, 2)
    x, y = a * a, b * b
    return (4 - 2.1 * x + x * x / 3) * x + a * b + (4 * y - 4) * y


def styblinski_tang(x):
    return sum(v ** 4 - 16 * v * v + 5 * v for v in x) / 2


def griewank(x):
    return (sum(v * v for v in x) / 4000
            - math.prod(math.cos(v / math.sqrt(i)) for i, v in enumerate(x, 1)) + 1)


def rastrigin(x):
    return 10 * len(x) + sum(v * v - 10 * math.cos(2 * math.pi * v) for v in x)


def ellipsoid(x):
    return sum(10 ** (i / 2) * (v - .8) ** 2 for i, v in enumerate(x))


def log10_of(trial, name, low, high):
    return math.log10(trial.suggest_float(name, low, high, log=True))


def log2_of(trial, name, low, high):
    return math.log2(trial.suggest_int(name, low, high, log=True))


def training(trial):
    rate, decay = log10_of(trial, "rate", 1e-5, 1), log10_of(trial, "decay", 1e-7, 1e-1)
    width, deeper = log2_of(trial, "width", 8, 1024), trial.suggest_int("depth", 1, 12) - 6
    optimizer = trial.suggest_categorical("optimizer", [0, 1, 2, 3])
    best_rate = -2.5 - .5 * optimizer - .15 * deeper
    return ((.3, 0, .6, .9)[optimizer] + (rate - best_rate) ** 2 + .2 * (decay + 4) ** 2
            + .1 * (width - 7) ** 2 + .03 * deeper ** 2)


def conditional_optimizer(trial):
    kind = trial.suggest_categorical("optimizer", ["sgd", "adam", "newton"])
    rate = log10_of(trial, "rate", 1e-6, 10) if kind != "newton" else None
    if kind == "sgd":
        loss = .2 + .5 * (rate + 1) ** 2 + 5 * (trial.suggest_float("momentum", 0, .99) - .9) ** 2
    elif kind == "adam":
        loss = .5 * (rate + 3) ** 2 + .3 * (log10_of(trial, "beta", 1e-4, .5) + 2) ** 2
    else:
        loss = .4 + ((trial.suggest_int("history", 1, 100) - 20) / 20) ** 2
    return loss + 2 * (trial.suggest_float("dropout", 0, .8) - .2) ** 2


def conditional_layers(trial):
    layers = trial.suggest_int("layers", 1, 4)
    widths = [log2_of(trial, f"width{i}", 4, 512) for i in range(1, layers + 1)]
    dropout = trial.suggest_float("dropout", 0, .9)
    return (.3 * (layers - 3) ** 2 + 4 * (dropout - .3) ** 2
            + sum(.1 * (width - (8 - i)) ** 2 for i, width in enumerate(widths, 1)))


def ordered(trial):
    # Optuna has no ordered options: their places as whole numbers are the nearest.
    batch, kernel = trial.suggest_int("batch", 0, 5), trial.suggest_int("kernel", 0, 3)
    activation = trial.suggest_categorical("activation", [0, 1, 2, 3])
    norm = trial.suggest_categorical("norm", [0, 1, 2])
    best_rate = -3 + .3 * batch - (1 if norm == 0 else 0)
    return ((.1, 0, .3, .8)[activation] + (.5, 0, .15)[norm] + .05 * (batch - 2) ** 2
            + .1 * (kernel - 1) ** 2 + .5 * (log10_of(trial, "rate", 1e-5, 1) - best_rate) ** 2)


def categories(trial):
    total, before = 0, None
    for i, name in enumerate("abcdef"):
        off = (trial.suggest_categorical(name, [0, 1, 2, 3, 4]) + 2 * i + 1) % 5
        total += (0, 3, 1, 4, 2)[off] / (1 + i)
        if before is not None and (off == 0) != (before == 0):
            total += .5
        before = off
    return total


def mixed_rosenbrock(trial):
    return rosenbrock([trial.suggest_float("x0", -2.5, 2.5), trial.suggest_int("x1", -10, 10) / 4,
                       trial.suggest_float("x2", -2.5, 2.5), trial.suggest_int("x3", -10, 10) / 4])


LEAST_BRANIN, LEAST_HARTMANN6 = 0.39788735772973816, -3.3223680114155152

FIVE = {
    "branin": (branin, LEAST_BRANIN, 0),
    "hartmann6": (box(6, 0, 1, hartmann(HARTMANN6)), LEAST_HARTMANN6, 0),
    "ackley5": (box(5, -20, 32, ackley), 0, 0),
    "levy4": (box(4, -10, 10, levy), 0, 0),
    "rosenbrock4": (box(4, -2.5, 2.5, rosenbrock), 0, 0),
}
CONTINUOUS = {
    **FIVE,
    "hartmann3": (box(3, 0, 1, hartmann(HARTMANN3)), -3.8627797873327696, 0),
    "six_hump_camel": (six_hump_camel, -1.0316284534898774, 0),
    "styblinski_tang5": (box(5, -5, 5, styblinski_tang), -39.166165703771419 * 5, 0),
    "griewank4": (box(4, -40, 60, griewank), 0, 0),
    "rastrigin3": (box(3, -5.12, 4, rastrigin), 0, 0),
    "ellipsoid8": (box(8, -1, 1, ellipsoid), 0, 0),
    "noisy_branin": (branin, LEAST_BRANIN, 2),
    "noisy_hartmann6": (box(6, 0, 1, hartmann(HARTMANN6)), LEAST_HARTMANN6, 0.2),
}
MIXED = {
    "training": (training, 0, 0),
    "conditional_optimizer": (conditional_optimizer, 0, 0),
    "conditional_layers": (conditional_layers, 0, 0),
    "ordered": (ordered, 0, 0),
    "categories": (categories, 0, 0),
    "mixed_rosenbrock": (mixed_rosenbrock, 0, 0),
    "noisy_training": (training, 0, 0.1),
}
PROBLEMS = {**CONTINUOUS, **MIXED}
GROUPS = {"five": FIVE, "continuous": CONTINUOUS, "mixed": MIXED, "all": PROBLEMS}
