"""One step of a search or of a training, here and in plain PyTorch (tools/peers/steps.py), in turns
on the same threads; prints seconds, ratios and peak memory.

    tools/compare_peers supernet_step|partial_step|darts_v2_step|nas_bench_201_step
        [--modes eager,channels_last,compile] [--channels 16] [--cells N] [--batch N] [--threads 2]
        [--rounds 3] [--runs 3] [--nas build/bin/nas]

A machine's speed may drift by more than what is compared, so ours and each peer are measured once a
round, and a ratio is the median of those within the rounds, with the least and the largest of them.

supernet_step: a first-order DARTS step, of the architecture and of the weights; partial_step: the same
of PC-DARTS, a quarter of the channels; darts_v2_step: training the published network; and of
nas_bench_201: cells of 3x3 convolutions alone.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

DARTS_V2 = (
    "normal=[(sep_conv_3x3,0),(sep_conv_3x3,1),(sep_conv_3x3,0),(sep_conv_3x3,1),(skip_connect,0),"
    "(sep_conv_3x3,1),(skip_connect,0),(dil_conv_3x3,2)] normal_concat=[2,3,4,5] "
    "reduce=[(max_pool_3x3,0),(max_pool_3x3,1),(max_pool_3x3,1),(skip_connect,2),(max_pool_3x3,0),"
    "(skip_connect,2),(max_pool_3x3,1),(skip_connect,2)] reduce_concat=[2,3,4,5]")
ALL_3X3 = ("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|"
           "+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|")
# Of each: the peer's name for it, our benchmark, its settings, cells and batch.
STEPS = {
    "supernet_step": ("supernet", "supernet_step", {}, 8, 64),
    "partial_step": ("partial", "supernet_step", {"partial_channels": 4, "edge_normalization": "true"},
                     8, 64),
    "darts_v2_step": ("train", "train_step", {"arch": f'"{DARTS_V2}"'}, 8, 96),
    "nas_bench_201_step": ("nas_bench_201", "train_step", {"arch": f'"{ALL_3X3}"'}, 5, 256),
}


def output_of(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"compare_peers: {' '.join(map(str, command))}\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def ours(given, what, benchmark, own):
    space = (f"{{type: nas_bench_201, channels: {given.channels}, cells_per_stage: {given.cells}}}"
             if what == "nas_bench_201"
             else f"{{type: darts, channels: {given.channels}, cells: {given.cells}}}")
    settings = {"space": space, "batch_size": given.batch, "threads": given.threads,
                "runs": given.runs, "device": "cpu", **own}
    command = [given.nas, "bench", benchmark, "--json"]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    result = output_of(command)
    return result["median"], result["peak_memory"]


def peer(given, what, mode):
    command = [sys.executable, ROOT / "tools" / "peers" / "steps.py", what, "--mode", mode]
    for name in ("channels", "cells", "batch", "threads", "runs"):
        command += [f"--{name}", str(getattr(given, name))]
    result = output_of(command)
    return statistics.median(result["samples"]), result["peak_memory"]


def main(name, arguments):
    what, benchmark, own, cells, batch = STEPS[name]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for key, value in (("channels", 16), ("cells", cells), ("batch", batch), ("threads", 2),
                       ("rounds", 3), ("runs", 3)):
        parser.add_argument(f"--{key}", type=int, default=value)
    parser.add_argument("--modes", default="eager,channels_last")
    parser.add_argument("--nas", default=str(ROOT / "build" / "bin" / "nas"))
    given = parser.parse_args(arguments)
    names = ["nas", *given.modes.split(",")]
    rounds = []
    for _ in range(given.rounds):
        rounds.append({mode: ours(given, what, benchmark, own) if mode == "nas"
                       else peer(given, what, mode) for mode in names})
        print(", ".join(f"{mode} {seconds:.3f} s" for mode, (seconds, _) in rounds[-1].items()),
              file=sys.stderr, flush=True)
    memory = max(one["nas"][1] for one in rounds)
    for mode in names:
        seconds = statistics.median(one[mode][0] for one in rounds)
        theirs = max(one[mode][1] for one in rounds)
        line = f"{mode if mode == 'nas' else f'PyTorch {mode}':24}{seconds:8.2f} s{theirs / 1e6:10.0f} MB"
        if mode != "nas":
            ratios = [one[mode][0] / one["nas"][0] for one in rounds]
            line += (f"   {statistics.median(ratios):5.1f} times as long ({min(ratios):.1f} to "
                     f"{max(ratios):.1f}), {theirs / memory:4.1f} times the memory")
        print(line)
