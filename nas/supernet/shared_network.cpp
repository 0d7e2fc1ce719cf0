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
  explicit SlicedWeights(const std::map<std::string, torch::Tensor>& shared) : shared_(shared) {}

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
    return weight_slice(name, found->second, shape);
  }

 private:
  const std::map<std::string, torch::Tensor>& shared_;
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
  SlicedWeights weights(tensors_);
  return {part, weights};
}

std::shared_ptr<Network> SharedNetwork::extract(const NetworkPlan& part) const {
  const torch::NoGradGuard no_grad;
  auto network = build_network(part, 0, device_);
  const SlicedWeights weights(tensors_);
  for (const auto& [name, tensor] : state_of(*network)) {
    torch::Tensor(tensor).copy_(weights.slice(name, tensor.sizes().vec()));
  }
  return network;
}

}  // namespace nas
