#pragma once

#include <string>

#include "nas/export/trained_network.hpp"

namespace nas {

/// The attribute that holds a weight in the source below: "stem.conv.weight" as w0, w1, ... in the
/// weights' order.
std::string script_attribute(const TrainedNetwork& network, const std::string& weight);

/// `def forward(self, x):` of a network in TorchScript: any batch size, weights as attributes of
/// self.
std::string torch_script_source(const TrainedNetwork& network);

}  // namespace nas
