#include "nas/export/python_text.hpp"

#include <fmt/core.h>

#include <array>
#include <string_view>
#include <utility>

#include "nas/core/json.hpp"

namespace nas {
namespace {

constexpr std::string_view kPrologue = R"("""A neural network in plain PyTorch, written by nas.

    network = load()              # weights from the .safetensors file beside this one
    scores = network(images)      # [N, *SHAPE], (pixel / 255 - MEAN) / DEVIATION -> [N, classes];
                                  # a table's numbers are not divided by 255
"""

import json
import pathlib
import struct

import torch
import torch.nn.functional as F
from torch import nn

SHAPE = {shape}
LABELS = {labels}
MEAN = {mean}
DEVIATION = {deviation}
PROVENANCE = {provenance}
)";

/// By name: what a network may use beside torch.nn.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kHelpers{{
    {"ChannelNorm", R"(

class ChannelNorm(nn.LayerNorm):
    """Over the channels of each position."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
)"},
    {"PositionEmbedding", R"(

class PositionEmbedding(nn.Module):
    def __init__(self, channels, height, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1, channels, height, width))

    def forward(self, x):
        return x + self.weight
)"},
    {"attention", R"(

def attention(x, heads):
    """[N, heads * (queries, keys, values), H, W] between the positions of each head."""
    samples, channels, height, width = x.shape
    q, k, v = x.reshape(samples, heads, 3, channels // heads // 3, height * width).unbind(2)
    weights = (q.transpose(2, 3) @ k / q.shape[2] ** 0.5).softmax(-1)
    return (v @ weights.transpose(2, 3)).reshape(samples, channels // 3, height, width)
)"},
}};

constexpr std::string_view kClass = R"(

class Network(nn.Module):
    def hold(self, name, layer):
        """Registers a layer under a dotted name."""
        *path, last = name.split(".")
        parent = self
        for part in path:
            if part not in parent._modules:
                parent.add_module(part, nn.Module())
            parent = parent._modules[part]
        parent.add_module(last, layer)

    def __init__(self):
        super().__init__()
)";

constexpr std::string_view kEpilogue = R"(

def read_safetensors(path):
    """Name -> tensor, of a file of float32 arrays."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {{}}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(content[begin:end]), dtype=torch.float32)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def load(path=pathlib.Path(__file__).with_name({file})):
    """The network with its weights, ready for inference."""
    network = Network()
    network.load_state_dict(read_safetensors(path))
    return network.eval()
)";

std::string provenance(const NetworkFacts& facts) {
  Json texts = Json::object();
  for (const auto& [name, text] : facts.provenance) texts[name] = text;
  return texts.dump(4);
}

}  // namespace

/// JSON's strings are Python's, too.
std::string python_string(const std::string& text) { return Json(text).dump(); }

std::string python_prologue(const NetworkFacts& facts, const std::string& shape,
                            const std::set<std::string>& helpers) {
  std::string text = fmt::format(fmt::runtime(kPrologue), fmt::arg("shape", shape),
                                 fmt::arg("labels", Json(facts.labels).dump()),
                                 fmt::arg("mean", Json(facts.mean).dump()),
                                 fmt::arg("deviation", Json(facts.deviation).dump()),
                                 fmt::arg("provenance", provenance(facts)));
  for (const auto& [name, source] : kHelpers) {
    if (helpers.contains(std::string(name))) text += source;
  }
  return text + std::string(kClass);
}

std::string python_epilogue(const std::string& weights_file) {
  return fmt::format(fmt::runtime(kEpilogue), fmt::arg("file", python_string(weights_file)));
}

}  // namespace nas
