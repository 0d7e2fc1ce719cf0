#include "nas/supernet/shared_network.hpp"

#include <map>
#include <string>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/supernet/weight_slice.hpp"
#include "nas/torch/program.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Gives layers slices of tensors that exist.
class SlicedWeights final : public WeightTable {
 public:
  SlicedWeights(const std::map<std::string, torch::Tensor>& shared,
                const KernelTransforms& transforms)
      : shared_(shared), transforms_(transforms) {}

  torch::Tensor parameter(const std::string& owner, const std::string& name,
                          const std::vector<int64_t>& shape, const WeightInit&) override {
    return slice(owner + "." + name, shape);
  }
  /// Batch norms write into them: slices of one dimension are views.
  torch::Tensor buffer(const std::string& owner, const std::string& name,
                       const std::vector<int64_t>& shape, const WeightInit&) override {
    return slice(owner + "." + name, shape);
  }

  torch::Tensor slice(const std::string& name, const std::vector<int64_t>& shape) const {
    const auto found = shared_.find(name);
    if (found == shared_.end()) throw InputError("shared weights lack tensor '" + name + "'");
    const torch::Tensor& whole = found->second;
    if (!transforms_.has(name)) return weight_slice(name, whole, shape);
    const torch::Tensor largest =
        weight_slice(name, whole, {shape[0], shape[1], whole.size(2), whole.size(3)});
    return transforms_.transformed(name, largest, shape[2]);
  }

 private:
  const std::map<std::string, torch::Tensor>& shared_;
  const KernelTransforms& transforms_;
};

}  // namespace

struct Subnetwork::State {
  State(const NetworkPlan& plan, WeightTable& weights)
      : functions(make_layer_functions(plan, "", weights)),
        program(plan, {plan.outputs.front()}, functions) {}

  LayerFunctions functions;
  Program program;
};

Subnetwork::Subnetwork(const NetworkPlan& plan, WeightTable& weights)
    : state_(std::make_unique<State>(plan, weights)) {}

Subnetwork::Subnetwork(Subnetwork&&) noexcept = default;

Subnetwork::~Subnetwork() = default;

torch::Tensor Subnetwork::forward(const torch::Tensor& x, const Pass& pass) const {
  return state_->program.run(x.contiguous(torch::MemoryFormat::ChannelsLast), pass).front();
}

SharedNetwork::SharedNetwork(const NetworkPlan& whole, uint64_t seed, torch::Device device)
    : device_(device),
      whole_(build_network(whole, seed, device)),
      parameters_(whole_->parameters()) {
  const NamedTensors all = state();
  tensors_.insert(all.begin(), all.end());
}

Subnetwork SharedNetwork::subnetwork(const NetworkPlan& part) const {
  SlicedWeights weights(tensors_, transforms_);
  return {part, weights};
}

std::shared_ptr<Network> SharedNetwork::extract(const NetworkPlan& part) const {
  const torch::NoGradGuard no_grad;
  auto network = build_network(part, 0, device_);
  const SlicedWeights weights(tensors_, transforms_);
  for (const auto& [name, tensor] : state_of(*network)) {
    torch::Tensor(tensor).copy_(weights.slice(name, tensor.sizes().vec()));
  }
  return network;
}

void SharedNetwork::transform_kernels(KernelTransforms transforms) {
  transforms_ = std::move(transforms);
  parameters_ = whole_->parameters();
  for (const auto& [name, matrix] : transforms_.state()) parameters_.push_back(matrix);
}

NamedTensors SharedNetwork::state() const {
  NamedTensors state = state_of(*whole_);
  for (auto& entry : transforms_.state()) state.push_back(std::move(entry));
  return state;
}

void SharedNetwork::load(const NamedTensors& state) {
  KernelTransforms transforms = transforms_;
  load_state(*whole_, transforms.load(state, device_));
  transform_kernels(std::move(transforms));
}

}  // namespace nas
