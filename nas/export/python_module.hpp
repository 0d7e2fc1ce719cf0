#pragma once

#include <string>

#include "nas/export/facts.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// Source of a Python module that rebuilds the network in plain PyTorch, parameters under their own
/// names, and loads its weights from `weights_file` beside it. It needs torch alone.
std::string python_module(const TrainedNetwork& network, const NetworkFacts& facts,
                          const std::string& weights_file);

/// The weights file of such a module: the network's tensors, facts as metadata.
std::string encode_weights(const TrainedNetwork& network, const NetworkFacts& facts);

}  // namespace nas
