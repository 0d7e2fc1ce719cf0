#include "nas/compress/slice_weights.hpp"

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

NamedTensors sliced(const NamedTensors& weights, std::span<const WeightCut> cuts) {
  NamedTensors result = weights;
  for (const WeightCut& cut : cuts) {
    const auto found = std::find_if(result.begin(), result.end(),
                                    [&](const auto& entry) { return entry.first == cut.tensor; });
    if (found == result.end()) throw InputError("weights lack tensor '" + cut.tensor + "'");
    torch::Tensor& tensor = found->second;
    tensor = tensor.detach().index_select(cut.dim, torch::tensor(cut.kept).to(tensor.device()));
  }
  return result;
}

}  // namespace nas
