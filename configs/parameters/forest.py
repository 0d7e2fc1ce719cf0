"""A random forest on scikit-learn's table of wines: a program that `nas` tunes.

It reads one line of JSON a trial, reports the mean loss after each fold of a cross-validation, so that
hopeless points can be stopped early, and answers with the metrics.
"""
import json
import sys

try:
    from sklearn.datasets import load_wine
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold
except ImportError:
    sys.exit("forest.py needs scikit-learn: python3 -m pip install scikit-learn")

inputs, labels = load_wine(return_X_y=True)


def say(**what):
    print(json.dumps(what), flush=True)


def mean_loss(point, seed):
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    losses = []
    for train, test in folds.split(inputs, labels):
        model = RandomForestClassifier(random_state=seed % 2**32, **point)
        model.fit(inputs[train], labels[train])
        losses.append(log_loss(labels[test], model.predict_proba(inputs[test])))
        say(progress=len(losses), metrics={"loss": sum(losses) / len(losses)})
        if json.loads(sys.stdin.readline())["stop"]:
            break
    return sum(losses) / len(losses)


for line in sys.stdin:
    trial = json.loads(line)
    try:
        say(metrics={"loss": mean_loss(trial["point"], trial["seed"])})
    except ValueError as error:  # a point that the forest does not take
        say(error=str(error))
