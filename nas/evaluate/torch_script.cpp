#include "nas/evaluate/torch_script.hpp"

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <sstream>

#include "nas/core/error.hpp"
#include "nas/evaluate/values_tensor.hpp"
#include "nas/export/torch_script_source.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

std::string encode_torch_script(const TrainedNetwork& network, const NetworkFacts& facts) {
  torch::jit::Module module("Network");
  for (const auto& [name, weight] : network.weights) {
    module.register_buffer(script_attribute(network, name), tensor_of(weight.values, weight.shape));
  }
  module.define(torch_script_source(network));
  module.eval();
  torch::jit::ExtraFilesMap texts;
  for (const auto& [name, text] : metadata_of(facts)) texts[name] = text;
  std::ostringstream archive;
  module.save(archive, texts);
  return archive.str();
}

std::vector<float> torch_script_outputs(const std::filesystem::path& file, const Shape& input,
                                        const std::vector<float>& samples) {
  const torch::NoGradGuard no_grad;
  try {
    torch::jit::Module module = torch::jit::load(file.string(), torch::Device(torch::kCPU));
    return values_of(module.forward({samples_of(samples, input)}).toTensor());
  } catch (const c10::Error& error) {
    throw RunError(file.string() + ": " + error.what_without_backtrace());
  }
}

}  // namespace nas
