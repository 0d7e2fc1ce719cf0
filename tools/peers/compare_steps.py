"""One step of a DARTS search, here and in plain PyTorch (tools/peers/darts_steps.py), one after the
other on the same threads; prints seconds, ratios and peak memory.

    tools/compare_peers supernet_step [--modes eager,channels_last,compile] [--channels 16]
        [--cells 8] [--batch 64] [--threads 2] [--runs 3] [--nas build/bin/nas]
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"compare_peers: {' '.join(map(str, command))}\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def ours(given):
    settings = {"space": f"{{type: darts, channels: {given.channels}, cells: {given.cells}}}",
                "batch_size": given.batch, "threads": given.threads, "runs": given.runs,
                "device": "cpu"}
    command = [given.nas, "bench", "supernet_step", "--json"]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    result = output_of(command)
    return result["median"], result["peak_memory"]


def peer(given, mode):
    command = [sys.executable, ROOT / "tools" / "peers" / "darts_steps.py", "supernet", "--mode", mode]
    for name in ("channels", "cells", "batch", "threads", "runs"):
        command += [f"--{name}", str(getattr(given, name))]
    result = output_of(command)
    return statistics.median(result["samples"]), result["peak_memory"]


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("channels", 16), ("cells", 8), ("batch", 64), ("threads", 2), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--modes", default="eager,channels_last")
    parser.add_argument("--nas", default=str(ROOT / "build" / "bin" / "nas"))
    given = parser.parse_args(arguments)
    seconds, memory = ours(given)
    print(f"{'nas':24}{seconds:8.2f} s{memory / 1e6:10.0f} MB")
    for mode in given.modes.split(","):
        theirs, their_memory = peer(given, mode)
        print(f"{f'PyTorch {mode}':24}{theirs:8.2f} s{their_memory / 1e6:10.0f} MB"
              f"   {theirs / seconds:5.1f} times as long, {their_memory / memory:4.1f} times the memory")
