"""Networks of NAS-Bench-201 (Dong and Yang 2020) whose cells are 3x3 convolutions on all edges, in
plain PyTorch, as a peer to time."""

from torch import nn
from torch.nn import functional


def convolution(inputs, outputs, stride=1):
    return nn.Sequential(nn.ReLU(), nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
                         nn.BatchNorm2d(outputs))


class Cell(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.edges = nn.ModuleList(convolution(channels, channels) for _ in range(6))

    def forward(self, x):
        states, edges = [x], iter(self.edges)
        for _ in range(3):
            states.append(sum(next(edges)(state) for state in states))
        return states[-1]


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.second = convolution(inputs, outputs, 2), convolution(outputs, outputs)
        self.side = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(inputs, outputs, 1, bias=False))

    def forward(self, x):
        return self.second(self.first(x)) + self.side(x)


class Network(nn.Module):
    alphas = None

    def __init__(self, channels, cells, classes):
        """`cells` a stage."""
        super().__init__()
        layers = [nn.Conv2d(3, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)]
        for stage in range(3):
            if stage:
                layers.append(ResidualBlock(channels, 2 * channels))
                channels *= 2
            layers += [Cell(channels) for _ in range(cells)]
        self.features = nn.Sequential(*layers, nn.BatchNorm2d(channels), nn.ReLU())
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        return self.classifier(functional.adaptive_avg_pool2d(self.features(x), 1).flatten(1))
