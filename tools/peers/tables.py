"""scikit-learn on the cases of docs/cases/tables.md, on the same test examples: a line a model, mean
and standard deviation over split seeds.

    python3 tools/peers/tables.py medical|credit FOLDER [--splits 5]

FOLDER holds breast_cancer.csv and german_credit.data; needs scikit-learn.
"""

import argparse
import csv
import pathlib
import statistics

import numpy
from sklearn import metrics
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegressionCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from splits import test_and_rest

COSTS = {"medical": [[0, 1], [1, 0]], "credit": [[0, 1], [5, 0]]}


def read(case, folder):
    """Numbers, codes, and labels with 1 for what is looked for: "0" in both files."""
    if case == "medical":
        with open(folder / "breast_cancer.csv") as file:
            rows = list(csv.reader(file))[1:]
    else:
        rows = [line.split() for line in (folder / "german_credit.data").read_text().splitlines()][1:]
    coded = [i for i in range(len(rows[0]) - 1) if rows[0][i].startswith("A")]
    numbers = [i for i in range(len(rows[0]) - 1) if i not in coded]
    table = numpy.array([row[:-1] for row in rows], dtype=object)
    table[:, numbers] = table[:, numbers].astype(float)
    return table, numbers, coded, numpy.array([int(row[-1] == "0") for row in rows])


def models(numbers, coded):
    def encoded(model):
        return make_pipeline(make_column_transformer(
            (StandardScaler(), numbers),
            (OneHotEncoder(handle_unknown="ignore", sparse_output=False), coded)), model)
    return {"logistic regression": encoded(LogisticRegressionCV(
                Cs=10, cv=5, scoring="neg_log_loss", max_iter=5000)),
            "gradient boosting": encoded(GradientBoostingClassifier(random_state=0))}


def score(labels, probabilities, costs):
    found, true, _ = metrics.roc_curve(labels, probabilities[:, 1], drop_intermediate=False)
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == labels
    bins = numpy.clip(numpy.ceil(confidence * 15) - 1, 0, 14)
    gaps = [abs((confidence - right)[bins == k].sum()) for k in range(15)]
    decided = (probabilities @ numpy.array(costs)).argmin(1)
    return {"accuracy": 100 * right.mean(),
            "balanced_accuracy": 100 * metrics.balanced_accuracy_score(labels, probabilities.argmax(1)),
            "roc_auc": metrics.roc_auc_score(labels, probabilities[:, 1]),
            "average_precision": metrics.average_precision_score(labels, probabilities[:, 1]),
            "sensitivity_at_95_specificity": 100 * max(true[found <= 0.05]),
            "brier": metrics.brier_score_loss(labels, probabilities[:, 1]),
            "calibration_error": sum(gaps) / len(labels),
            "expected_cost": numpy.array(costs)[labels, decided].mean()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("case", choices=sorted(COSTS))
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=5)
    given = parser.parse_args()
    table, numbers, coded, labels = read(given.case, given.folder)
    figures = {}
    for seed in range(given.splits):
        test, rest = test_and_rest(labels.tolist(), seed)
        for name, model in models(numbers, coded).items():
            model.fit(table[rest], labels[rest])
            scores = score(labels[test], model.predict_proba(table[test]), COSTS[given.case])
            figures.setdefault(name, []).append(scores)
    for name, scores in figures.items():
        print(name)
        for metric in scores[0]:
            values = [one[metric] for one in scores]
            print(f"  {metric:30} {statistics.mean(values):8.4f} ± {statistics.stdev(values):.4f}")


if __name__ == "__main__":
    main()
