"""The DARTS supernet and derived networks (Liu et al. 2019) in plain PyTorch, as a peer to time; also
with partial channels and edge normalisation (PC-DARTS, Xu et al. 2020)."""

import torch
from torch import nn
from torch.nn import functional

OPERATIONS = ("none", "max_pool_3x3", "avg_pool_3x3", "skip_connect", "sep_conv_3x3", "sep_conv_5x5",
              "dil_conv_3x3", "dil_conv_5x5")
NODES = 4


def separable(channels, kernel, stride, affine):
    def unit(stride):
        return [nn.ReLU(), nn.Conv2d(channels, channels, kernel, stride, kernel // 2, groups=channels,
                                     bias=False),
                nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels, affine=affine)]
    return nn.Sequential(*unit(stride), *unit(1))


def dilated(channels, kernel, stride, affine):
    return nn.Sequential(
        nn.ReLU(), nn.Conv2d(channels, channels, kernel, stride, kernel - 1, 2, channels, bias=False),
        nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels, affine=affine))


def project(inputs, outputs, affine):
    return nn.Sequential(nn.ReLU(), nn.Conv2d(inputs, outputs, 1, bias=False),
                         nn.BatchNorm2d(outputs, affine=affine))


class FactorizedReduce(nn.Module):
    def __init__(self, inputs, outputs, affine):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs // 2, 1, 2, bias=False)
        self.second = nn.Conv2d(inputs, outputs // 2, 1, 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs, affine=affine)

    def forward(self, x):
        x = functional.relu(x)
        return self.norm(torch.cat([self.first(x), self.second(x[:, :, 1:, 1:])], 1))


class Zero(nn.Module):
    def __init__(self, stride):
        super().__init__()
        self.stride = stride

    def forward(self, x):
        return x[:, :, ::self.stride, ::self.stride].mul(0.0)


def operation(name, channels, stride, affine, supernet):
    if name == "none":
        return Zero(stride)
    if name == "skip_connect":
        return nn.Identity() if stride == 1 else FactorizedReduce(channels, channels, affine)
    if name.endswith("pool_3x3"):
        pool = nn.MaxPool2d(3, stride, 1) if name.startswith("max") else nn.AvgPool2d(
            3, stride, 1, count_include_pad=False)
        return nn.Sequential(pool, nn.BatchNorm2d(channels, affine=affine)) if supernet else pool
    kind = separable if name.startswith("sep") else dilated
    return kind(channels, int(name[-1]), stride, affine)


class MixedOperation(nn.Module):
    def __init__(self, channels, stride):
        super().__init__()
        self.options = nn.ModuleList(
            operation(name, channels, stride, affine=False, supernet=True) for name in OPERATIONS)

    def forward(self, x, weights):
        return sum(weight * option(x) for weight, option in zip(weights, self.options))


class PartialMixedOperation(nn.Module):
    """One in `part` channels goes through the operations; then channels are shuffled."""

    def __init__(self, channels, stride, part):
        super().__init__()
        self.own, self.part = channels // part, part
        self.pool = nn.Identity() if stride == 1 else nn.MaxPool2d(2, 2)
        self.mixed = MixedOperation(self.own, stride)

    def forward(self, x, weights):
        y = self.mixed(x[:, :self.own], weights)
        y = torch.cat([y, self.pool(x[:, self.own:])], 1)
        groups = y.view(y.shape[0], self.part, -1, y.shape[2], y.shape[3])
        return groups.transpose(1, 2).reshape(y.shape)


class Cell(nn.Module):
    """`edges`: [(operation or None for all, from)] in order; `node_of[i]` the node of edge i."""

    def __init__(self, edges, node_of, keep, before, channels, reduction, reduced_before, affine,
                 part=1):
        super().__init__()
        inputs = before
        self.first = (FactorizedReduce(inputs[0], channels, affine) if reduced_before
                      else project(inputs[0], channels, affine))
        self.second = project(inputs[1], channels, affine)
        self.sources = [source for _, source in edges]
        self.node_of = node_of
        self.keep = keep
        self.edges = nn.ModuleList()
        for name, source in edges:
            stride = 2 if reduction and source < 2 else 1
            if name is not None:
                self.edges.append(operation(name, channels, stride, affine, supernet=False))
            elif part > 1:
                self.edges.append(PartialMixedOperation(channels, stride, part))
            else:
                self.edges.append(MixedOperation(channels, stride))

    def forward(self, first, second, weights, shares):
        states = [self.first(first), self.second(second)]
        for node in range(NODES):
            terms = []
            for i, (edge, source, of) in enumerate(zip(self.edges, self.sources, self.node_of)):
                if of != node:
                    continue
                term = edge(states[source]) if weights is None else edge(states[source], weights[i])
                terms.append(term if shares is None else term * shares[i])
            states.append(sum(terms))
        return torch.cat([states[2 + node] for node in self.keep], 1)


class Network(nn.Module):
    """A supernet where `genotype` is None; else {"normal": edges, "reduce": edges}."""

    def __init__(self, channels, cells, classes, genotype=None, part=1):
        super().__init__()
        affine = genotype is not None
        width = 3 * channels
        self.stem = nn.Sequential(nn.Conv2d(3, width, 3, padding=1, bias=False), nn.BatchNorm2d(width))
        self.cells = nn.ModuleList()
        before, reduced_before = [width, width], False
        for index in range(cells):
            reduction = index in (cells // 3, 2 * cells // 3)
            channels *= 2 if reduction else 1
            if genotype is None:
                edges = [(None, source) for node in range(NODES) for source in range(2 + node)]
                node_of = [node for node in range(NODES) for _ in range(2 + node)]
            else:
                edges = genotype["reduce" if reduction else "normal"]
                node_of = [i // 2 for i in range(2 * NODES)]
            self.cells.append(Cell(edges, node_of, range(NODES), before, channels, reduction,
                                   reduced_before, affine, part))
            self.cells[-1].reduction = reduction
            before, reduced_before = [before[1], NODES * channels], reduction
        self.classifier = nn.Linear(before[1], classes)
        self.alphas = None
        self.partial = part > 1
        if genotype is None:
            sizes = [(14, len(OPERATIONS))] * 2 + [(14,)] * (2 if self.partial else 0)
            self.alphas = [(1e-3 * torch.randn(size)).requires_grad_() for size in sizes]

    def shares(self):
        """Of each node's edges, for normal and reduction cells."""
        if not self.partial:
            return [None, None]
        return [torch.cat([functional.softmax(part, -1) for part in betas.split([2, 3, 4, 5])])
                for betas in self.alphas[2:]]

    def forward(self, x):
        weights = [None, None] if self.alphas is None else [
            functional.softmax(alphas, -1) for alphas in self.alphas[:2]]
        shares = self.shares()
        first = second = self.stem(x)
        for cell in self.cells:
            kind = int(cell.reduction)
            first, second = second, cell(first, second, weights[kind], shares[kind])
        return self.classifier(functional.adaptive_avg_pool2d(second, 1).flatten(1))
