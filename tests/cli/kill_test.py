"""Kills a run again and again and compares it with one that was left alone.

    kill_test.py CONFIG [--kills 10] [--workers N] [--seed S] [--set a.b=c]... [--controls]

The undisturbed run, with one worker, is the reference. The other one is ended with SIGKILL at random moments of the
reference's duration and resumed each time. `nas trials --json` without times and the SHA-256 of
best/weights.safetensors must be equal, and all weights finite. With --controls every piece of saved
state is damaged once, on its own, in a run killed half-way: each must make the comparison fail.
"""

import argparse
import hashlib
import json
import math
import pathlib
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time

from support import NAS, floats, nas, nas_json, read_safetensors, scratch


def fingerprint(folder):
    trials = nas_json("trials", folder)
    for trial in trials:
        trial.pop("started")
        trial.pop("seconds")
    weights = pathlib.Path(folder, "best", "weights.safetensors").read_bytes()
    return json.dumps(trials, sort_keys=True), hashlib.sha256(weights).hexdigest()


def check_finite(folder):
    tensors, _ = read_safetensors(pathlib.Path(folder, "best", "weights.safetensors"))
    numbers = 0
    for name, tensor in tensors.items():
        if tensor[0] == "F32":
            values = floats(tensor)
            numbers += len(values)
            assert all(math.isfinite(v) for v in values), f"{name} is not finite"
    assert numbers > 100, "hardly any weights"


def start(arguments):
    return subprocess.Popen([NAS, *map(str, arguments)], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True, start_new_session=True)


def run_arguments(options, folder, workers):
    arguments = ["run", options.config, "--out", folder, "--quiet", "--workers", workers]
    for override in options.set:
        arguments += ["--set", override]
    return arguments


def killed_run(options, folder, kills, span, moments):
    """Runs to the end, killed `kills` times after a random share of `span` seconds each."""
    done = 0
    arguments = run_arguments(options, folder, options.workers)
    while True:
        process = start(arguments)
        if done < kills:
            try:
                process.wait(moments.uniform(0.4, span))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                done += 1
                if pathlib.Path(folder, "trials.db").exists():
                    arguments = ["resume", folder, "--quiet", "--workers", options.workers]
                continue
        _, errors = process.communicate()
        if process.returncode != 0:
            sys.exit(f"ended with {process.returncode}: {errors}")
        return done


def killed_runs(options, folder, span):
    """As many runs as it takes: one that is over before it was killed often enough has a successor
    that is killed sooner."""
    moments = random.Random(options.seed)
    kills, differing, latest = 0, set(), 1.5 * span / options.kills
    for attempt in range(6):
        killed = folder / f"killed-{attempt}"
        kills += killed_run(options, killed, options.kills - kills, max(0.8, latest), moments)
        differing |= set(compare(folder / "reference", killed))
        if kills >= options.kills:
            break
        latest /= 2
    return kills, sorted(differing)


def compare(reference, other):
    wanted, got = fingerprint(reference), fingerprint(other)
    return ["trials" if a == 0 else "weights" for a in (0, 1) if wanted[a] != got[a]]


# -- negative controls ---------------------------------------------------------------------------

def rewrite_checkpoint(path, change_tensor=lambda name, data: data, change_state=lambda state: None):
    """Changes tensors' bytes or the state in place, and mends the checksum; says how many changed."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    data = bytearray(raw[8 + length:])
    state = json.loads(header["__metadata__"]["state"])
    before = json.dumps(state)
    change_state(state)
    touched = int(json.dumps(state) != before)
    header["__metadata__"]["state"] = json.dumps(state)
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        new = change_tensor(name, bytes(data[begin:end]))
        touched += new != bytes(data[begin:end])
        data[begin:end] = new
    # The checksum is that of the file with zeros in its place.
    header["__metadata__"] = {**header["__metadata__"], "sha256": "0" * 64}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file = bytearray(struct.pack("<Q", len(text)) + text + data)
    at = file.index(b'"sha256":"') + len(b'"sha256":"')
    file[at:at + 64] = hashlib.sha256(file).hexdigest().encode()
    path.write_bytes(file)
    return touched


def checkpoints(folder):
    return sorted(pathlib.Path(folder, "checkpoints").glob("*/step-*.safetensors"))


def pieces(folder):
    """The groups of tensors in the checkpoints, by the first part of their names."""
    names = set()
    for path in checkpoints(folder):
        names |= {name.split(".")[0].split("/")[0] for name in read_safetensors(path)[0]}
    # Sums of losses under way decide no weight and no later figure.
    return sorted(names - {"sums", "losses"})


def zero_piece(folder, piece):
    def change(name, data):
        return bytes(len(data)) if name.split(".")[0].split("/")[0] == piece else data
    return sum(rewrite_checkpoint(path, change_tensor=change) for path in checkpoints(folder))


def forget_step(folder):
    def change(state):
        state["step"] = 0
    return sum(rewrite_checkpoint(path, change_state=change) for path in checkpoints(folder))


def drop_controller(folder):
    with sqlite3.connect(pathlib.Path(folder, "trials.db")) as database:
        tables = [row[0] for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")]
        changed = 0
        for table in tables:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            if columns[:1] in (["key"], ["name"]):
                changed += database.execute(
                    f"DELETE FROM {table} WHERE {columns[0]} = 'controller'").rowcount
        return changed


def finishes_like(reference, folder):
    done = nas("resume", folder, "--quiet", "--workers", 2, timeout=3600)
    if done.returncode != 0:
        return f"refused ({done.stderr.strip().splitlines()[-1][:100]})"
    differing = compare(reference, folder)
    return f"differs in {' and '.join(differing)}" if differing else None


def half_a_run(options, half_way, span, moments):
    """Leaves in the folder `half_way` a run killed when it had saved a checkpoint."""
    for _ in range(20):
        shutil.rmtree(half_way, ignore_errors=True)
        process = start(run_arguments(options, half_way, options.workers))
        time.sleep(span * moments.uniform(0.2, 0.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.5)
        if half_way.exists() and checkpoints(half_way):
            return
    sys.exit("no checkpoint to damage; use more checkpoints (--set checkpoint.steps=3)")


def controls(options, reference, folder, span):
    """Every damage must be refused or seen in the result. A kill after the last step of a training
    leaves pieces that decide nothing more (its optimizer), so what was not seen is damaged again in
    runs killed at other moments."""
    half_way, copy = folder / "half", folder / "control"
    moments = random.Random(options.seed)
    unseen = None
    for _ in range(5):
        half_a_run(options, half_way, span, moments)
        damages = {f"tensors '{p}' zeroed": lambda f, p=p: zero_piece(f, p) for p in pieces(half_way)}
        damages |= {"step forgotten": forget_step, "controller's state dropped": drop_controller}
        damages = {what: damages[what] for what in damages if unseen is None or what in unseen}
        unseen = set(damages) if unseen is None else unseen
        for what, damage in {"nothing": lambda f: 1, **damages}.items():
            shutil.copytree(half_way, copy)
            changed = damage(copy)
            verdict = finishes_like(reference, copy)
            print(f"  control: {what} ({changed} changed): {verdict or 'same result'}", flush=True)
            if what == "nothing" and verdict:
                sys.exit("FAILED: a run killed once and not damaged has another result")
            if verdict or not changed:
                unseen.discard(what)
            shutil.rmtree(copy)
        if not unseen:
            break
    return sorted(unseen)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("config")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--controls", action="store_true")
    options = parser.parse_args()
    with scratch() as name:
        folder = pathlib.Path(name)
        began = time.time()
        done = nas(*run_arguments(options, folder / "reference", 1), timeout=3600)
        if done.returncode != 0:
            sys.exit(done.stderr)
        span = time.time() - began
        check_finite(folder / "reference")
        print(f"reference: {span:.1f} s, finite weights", flush=True)
        kills, differing = killed_runs(options, folder, span)
        print(f"killed {kills} times: {'differs in ' + ', '.join(differing) if differing else 'same trials, same weights'}")
        unseen = controls(options, folder / "reference", folder, span) if options.controls else []
    if differing or unseen or kills < options.kills:
        sys.exit(f"FAILED: differing {differing}, controls not seen {unseen}, kills {kills}")
    print("PASSED")


if __name__ == "__main__":
    main()
