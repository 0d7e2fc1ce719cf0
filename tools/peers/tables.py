"""scikit-learn on the cases of docs/cases/tables.md, and runs of those cases, on the same test examples:
a line a metric, its mean and standard deviation over seeds of the splits.

    python3 tools/peers/tables.py medical|credit|fraud FILE [--seeds 5] [--folds 5] [--runs FOLDER]

FILE is the case's table; needs scikit-learn. With --runs also runs of the case: FOLDER holds one for
each seed, named <seed>, or with --folds for each seed and part, named <seed>-<fold>. Probabilities of baselines are as they come;
their thresholds are chosen as a search chooses them, on predictions of a five-fold cross-validation.
"""

import argparse
import csv
import json
import pathlib
import statistics

import numpy
from sklearn import metrics
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from splits import test_and_rest, test_fold_and_rest

COSTS = {"medical": [[0, 1], [1, 0]], "credit": [[0, 1], [5, 0]], "fraud": [[0, 1], [1, 0]]}
THRESHOLDS = {"medical": "specificity", "credit": "cost"}
RECALL = {"fraud": 0.5}


def read(case, file):
    """Numbers, codes, and labels with 1 for what is looked for: "0" in the files of UCI."""
    if case == "credit":
        rows = [line.split() for line in file.read_text().splitlines()][1:]
    else:
        with open(file) as opened:
            rows = list(csv.reader(opened))[2 if case == "fraud" else 1:]
    coded = [i for i in range(len(rows[0]) - 1) if not rows[0][i][:1].isdigit()]
    if case == "fraud":
        coded.append(1)  # the hour
    numbers = [i for i in range(len(rows[0]) - 1) if i not in coded]
    table = numpy.array([row[:-1] for row in rows], dtype=object)
    table[table == ""] = "nan"
    table[:, numbers] = table[:, numbers].astype(float)
    positive = "1" if case == "fraud" else "0"
    return table, numbers, coded, numpy.array([int(row[-1] == positive) for row in rows])


def models(case, numbers, coded):
    def encoded(model):
        filled = make_pipeline(SimpleImputer(strategy="median", add_indicator=case == "fraud"),
                               StandardScaler())
        return make_pipeline(make_column_transformer(
            (filled, numbers),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), coded)), model)
    # Of a hundred thousand rows these take seconds, those minutes.
    if case == "fraud":
        linear, boosted = LogisticRegression(max_iter=5000), HistGradientBoostingClassifier
    else:
        linear = LogisticRegressionCV(Cs=10, cv=5, scoring="neg_log_loss", max_iter=5000)
        boosted = GradientBoostingClassifier
    return {"logistic regression": encoded(linear),
            "gradient boosting": encoded(boosted(random_state=0))}


def halfway(probabilities):
    """Thresholds between which no example changes sides, in rising order."""
    values = numpy.unique(probabilities)
    return [0, *(values[:-1] + values[1:]) / 2, numpy.nextafter(1, 2)]


def chosen_threshold(case, labels, probabilities):
    thresholds = halfway(probabilities)
    if THRESHOLDS[case] == "specificity":
        below = [numpy.mean(probabilities[labels == 0] < t) for t in thresholds]
        return next(t for t, share in zip(thresholds, below) if share >= 0.95)
    costs = numpy.array(COSTS[case])
    spent = [costs[labels, (probabilities >= t).astype(int)].mean() for t in thresholds]
    return thresholds[int(numpy.argmin(spent))]


def score_at(threshold, labels, probabilities, costs):
    decided = (probabilities >= threshold).astype(int)
    return {"sensitivity_at_threshold": 100 * decided[labels == 1].mean(),
            "specificity_at_threshold": 100 * (1 - decided[labels == 0]).mean(),
            "cost_at_threshold": numpy.array(costs)[labels, decided].mean()}


def score(labels, probabilities, costs, recall=None):
    found, true, _ = metrics.roc_curve(labels, probabilities[:, 1], drop_intermediate=False)
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    bins = numpy.clip(numpy.ceil(confidence * 15) - 1, 0, 14)
    gaps = [abs((confidence - right)[bins == k].sum()) for k in range(15)]
    decided = (probabilities @ numpy.array(costs)).argmin(1)
    scores = {"accuracy": 100 * right.mean(),
              "balanced_accuracy":
                  100 * metrics.balanced_accuracy_score(labels, probabilities.argmax(1)),
              "roc_auc": metrics.roc_auc_score(labels, probabilities[:, 1]),
              "average_precision": metrics.average_precision_score(labels, probabilities[:, 1]),
              "sensitivity_at_95_specificity": 100 * max(true[found <= 0.05]),
              "brier": metrics.brier_score_loss(labels, probabilities[:, 1]),
              "calibration_error": sum(gaps) / len(labels),
              "expected_cost": numpy.array(costs)[labels, decided].mean()}
    if recall:
        precision, reached, _ = metrics.precision_recall_curve(labels, probabilities[:, 1])
        scores["precision_at_recall"] = 100 * max(precision[reached >= recall])
    return scores


def baseline(case, model, table, labels, test, rest):
    model.fit(table[rest], labels[rest])
    probabilities = model.predict_proba(table[test])
    scores = score(labels[test], probabilities, COSTS[case], RECALL.get(case))
    if case in THRESHOLDS:
        unseen = cross_val_predict(model, table[rest], labels[rest], cv=5, method="predict_proba")
        threshold = chosen_threshold(case, labels[rest], unseen[:, 1])
        scores |= score_at(threshold, labels[test], probabilities[:, 1], COSTS[case])
    return scores


def searched(folder):
    """The test's metrics of a run, a mean over its retrainings."""
    means = json.loads((folder / "best" / "metrics.json").read_text())["mean"]
    return {name.removeprefix("test_"): value for name, value in means.items()
            if name.startswith("test_") or name in ("temperature", "threshold")}


def parts_of(labels, seed, folds):
    """(name of a run, test examples, the others)"""
    if not folds:
        return [(f"{seed}", *test_and_rest(labels, seed))]
    return [(f"{seed}-{fold}", *test_fold_and_rest(labels, seed, fold, folds))
            for fold in range(folds)]


def print_figures(name, seeds):
    print(name)
    for metric in seeds[0]:
        values = [one[metric] for one in seeds]
        deviation = statistics.stdev(values) if len(values) > 1 else 0
        print(f"  {metric:30} {statistics.mean(values):8.4f} ± {deviation:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("case", choices=sorted(COSTS))
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folds", type=int, default=0, help="data.folds of the runs")
    parser.add_argument("--runs", type=pathlib.Path)
    given = parser.parse_args()
    table, numbers, coded, labels = read(given.case, given.file)
    figures = {}
    for seed in range(given.seeds):
        parts = {}
        for name, test, rest in parts_of(labels.tolist(), seed, given.folds):
            for model_name, model in models(given.case, numbers, coded).items():
                parts.setdefault(model_name, []).append(
                    baseline(given.case, model, table, labels, test, rest))
            if given.runs:
                parts.setdefault("search", []).append(searched(given.runs / name))
        for name, scores in parts.items():
            figures.setdefault(name, []).append(
                {metric: statistics.mean(one[metric] for one in scores) for metric in scores[0]})
    for name, seeds in figures.items():
        print_figures(name, seeds)


if __name__ == "__main__":
    main()
