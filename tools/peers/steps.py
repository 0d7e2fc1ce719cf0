"""Times one step in plain PyTorch and prints JSON: {"samples": [seconds...], "peak_memory": bytes,
"parameters": n, "mode": ..., "torch": version}.

    steps.py supernet|partial|train|nas_bench_201 --channels 16 --cells 8 --batch 64 --threads 2
             --runs 3 --mode eager|channels_last|compile
"""

import argparse
import json
import resource
import time

import nas_bench_201_network
import torch
from darts_network import Network
from torch.nn import functional

DARTS_V2 = {
    "normal": [("sep_conv_3x3", 0), ("sep_conv_3x3", 1), ("sep_conv_3x3", 0), ("sep_conv_3x3", 1),
               ("sep_conv_3x3", 1), ("skip_connect", 0), ("skip_connect", 0), ("dil_conv_3x3", 2)],
    "reduce": [("max_pool_3x3", 0), ("max_pool_3x3", 1), ("skip_connect", 2), ("max_pool_3x3", 1),
               ("max_pool_3x3", 0), ("skip_connect", 2), ("skip_connect", 2), ("max_pool_3x3", 1)],
}


def network_of(what, channels, cells):
    if what == "nas_bench_201":
        return nas_bench_201_network.Network(channels, cells, 10)
    return Network(channels, cells, 10, DARTS_V2 if what == "train" else None,
                   part=4 if what == "partial" else 1)


def loss_of(network, batch):
    return functional.cross_entropy(network(batch[0]), batch[1])


def stepper(network, model, batches):
    """One first-order DARTS step (of the alphas, then of the weights), or one training step."""
    weights = list(network.parameters())
    optimizer = torch.optim.SGD(weights, 0.025, momentum=0.9, weight_decay=3e-4)
    alphas = network.alphas and torch.optim.Adam(network.alphas, 3e-4, betas=(0.5, 0.999),
                                                 weight_decay=1e-3)

    def step():
        if alphas:
            alphas.zero_grad()
            loss_of(model, batches[0]).backward()
            alphas.step()
        optimizer.zero_grad()
        loss_of(model, batches[1]).backward()
        torch.nn.utils.clip_grad_norm_(weights, 5)
        optimizer.step()
    return step


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["supernet", "partial", "train", "nas_bench_201"])
    for name, value in (("channels", 16), ("cells", 8), ("batch", 64), ("threads", 2), ("runs", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--mode", choices=["eager", "channels_last", "compile"], default="eager")
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(given.threads)
    network = network_of(given.what, given.channels, given.cells)
    layout = torch.contiguous_format if given.mode == "eager" else torch.channels_last
    network = network.to(memory_format=layout)
    model = torch.compile(network) if given.mode == "compile" else network
    batches = [(torch.randn(given.batch, 3, 32, 32).contiguous(memory_format=layout),
                torch.randint(10, (given.batch,))) for _ in range(2)]
    step = stepper(network, model, batches)
    step()
    samples = []
    for _ in range(given.runs):
        start = time.perf_counter()
        step()
        samples.append(time.perf_counter() - start)
    print(json.dumps({
        "samples": samples, "mode": given.mode, "torch": torch.__version__,
        "parameters": sum(p.numel() for p in network.parameters()),
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
