#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nas/export/facts.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// A network as a TorchScript archive, which torch.jit.load and LibTorch load. Facts are its extra
/// files, one a name.
std::string encode_torch_script(const TrainedNetwork& network, const NetworkFacts& facts);

/// What the network of an archive gives for inputs [samples, C, H, W] of shape `input`. Loading
/// runs the code of the archive: for our own alone. Throws RunError where it does not run.
std::vector<float> torch_script_outputs(const std::filesystem::path& file, const Shape& input,
                                        const std::vector<float>& samples);

}  // namespace nas
