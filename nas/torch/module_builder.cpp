#include "nas/torch/module_builder.hpp"

#include <map>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/torch/program.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Registers dotted names as a tree of plain modules, and remembers how each weight starts.
class ModuleTree final : public WeightTable {
 public:
  explicit ModuleTree(torch::nn::Module& root) : root_(root) {}

  torch::Tensor parameter(const std::string& owner, const std::string& name,
                          const std::vector<int64_t>& shape, const WeightInit& init) override {
    torch::Tensor tensor = torch::empty(shape);
    starts_.emplace_back(tensor, init);
    return folder(owner).register_parameter(name, tensor);
  }

  torch::Tensor buffer(const std::string& owner, const std::string& name,
                       const std::vector<int64_t>& shape, const WeightInit& init) override {
    torch::Tensor tensor = torch::empty(shape);
    starts_.emplace_back(tensor, init);
    return folder(owner).register_buffer(name, tensor);
  }

  /// In registration order, all from one generator.
  void initialize(uint64_t seed) const {
    const torch::NoGradGuard no_grad;
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    for (const auto& [weight, init] : starts_) {
      torch::Tensor values = torch::empty(weight.sizes(), torch::kFloat32);
      switch (init.kind) {
        case WeightInit::Kind::ones:
          values.fill_(1);
          break;
        case WeightInit::Kind::zeros:
          values.zero_();
          break;
        case WeightInit::Kind::normal:
          values.normal_(0, init.scale, generator);
          break;
        case WeightInit::Kind::uniform:
          values.uniform_(-init.scale, init.scale, generator);
          break;
      }
      torch::Tensor(weight).copy_(values);
    }
  }

 private:
  torch::nn::Module& folder(const std::string& path) {
    const auto known = folders_.find(path);
    if (known != folders_.end()) return *known->second;
    const size_t dot = path.rfind('.');
    torch::nn::Module& parent = dot == std::string::npos ? root_ : folder(path.substr(0, dot));
    const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
    auto child = parent.register_module(name, std::make_shared<torch::nn::Module>(name));
    return *folders_.emplace(path, std::move(child)).first->second;
  }

  torch::nn::Module& root_;
  std::map<std::string, std::shared_ptr<torch::nn::Module>> folders_;
  std::vector<std::pair<torch::Tensor, WeightInit>> starts_;
};

std::string shape_text(const torch::Tensor& tensor) {
  std::string text = std::string(c10::toString(tensor.scalar_type())) + " [";
  for (int64_t i = 0; i < tensor.dim(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(tensor.size(i));
  }
  return text + "]";
}

MixtureGroup mixture_group(const torch::Tensor& weights, const torch::Tensor& active) {
  MixtureGroup group;
  group.options = weights.size(1);
  if (active.defined()) {
    if (active.sizes() != weights.sizes()) {
      throw RunError("mixture mask is " + shape_text(active) + ", weights are " +
                     shape_text(weights));
    }
    const torch::Tensor flags = active.to(torch::kCPU, torch::kUInt8).contiguous();
    group.active.assign(flags.const_data_ptr<uint8_t>(),
                        flags.const_data_ptr<uint8_t>() + flags.numel());
  }
  return group;
}

}  // namespace

struct Network::State {
  State(const NetworkPlan& plan, torch::nn::Module& module)
      : tree(module),
        functions(make_layer_functions(plan, "", tree)),
        for_training(plan, plan.outputs, functions),
        for_inference(plan, {plan.outputs.front()}, functions) {}

  ModuleTree tree;
  LayerFunctions functions;
  Program for_training;
  Program for_inference;
  Pass pass;
  std::vector<torch::Tensor> mixture;
};

Network::Network(const NetworkPlan& plan) : torch::nn::Module("Network") {
  if (plan.outputs.empty()) throw InputError("a network plan needs an output");
  state_ = std::make_unique<State>(plan, *this);
  initialize(0);
}

Network::~Network() = default;

void Network::initialize(uint64_t seed) { state_->tree.initialize(seed); }

std::vector<torch::Tensor> Network::forward(const torch::Tensor& x) {
  return forward(x, NodeObserver());
}

std::vector<torch::Tensor> Network::forward(const torch::Tensor& x, const NodeObserver& observer) {
  Pass& pass = state_->pass;
  pass.training = is_training();
  for (size_t i = 0; i < state_->mixture.size(); ++i) {
    pass.mixture[i].weights = state_->mixture[i].flatten().unbind(0);
  }
  const Program& program = pass.training ? state_->for_training : state_->for_inference;
  auto outputs = program.run(x.contiguous(torch::MemoryFormat::ChannelsLast), pass, observer);
  for (MixtureGroup& group : pass.mixture) group.weights.clear();
  return outputs;
}

void Network::set_drop_path(double probability) { state_->pass.drop_path = probability; }

void Network::set_batch_norm_momentum(double momentum) {
  state_->pass.batch_norm_momentum = momentum;
}

void Network::set_shared_batch(const SharedBatch& batch) { state_->pass.shared = batch; }

void Network::set_rewriter(NodeRewriter rewriter) {
  state_->pass.fixed_statistics = static_cast<bool>(rewriter);
  state_->pass.rewrite = std::move(rewriter);
}

void Network::set_mixture(std::vector<torch::Tensor> weights, std::vector<torch::Tensor> active) {
  if (!active.empty() && active.size() != weights.size()) {
    throw RunError("mixture has " + std::to_string(weights.size()) + " groups and masks for " +
                   std::to_string(active.size()));
  }
  state_->pass.mixture.clear();
  for (size_t i = 0; i < weights.size(); ++i) {
    state_->pass.mixture.push_back(
        mixture_group(weights[i], active.empty() ? torch::Tensor() : active[i]));
  }
  state_->mixture = std::move(weights);
}

std::shared_ptr<Network> build_network(const NetworkPlan& plan, uint64_t seed,
                                       torch::Device device) {
  auto network = std::make_shared<Network>(plan);
  network->initialize(seed);
  network->to(device);
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& parameter : network->parameters()) {
    if (parameter.dim() != 4) continue;
    parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
  return network;
}

NamedTensors state_of(const torch::nn::Module& module) {
  NamedTensors state;
  for (const auto& item : module.named_parameters()) state.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) state.emplace_back(item.key(), item.value());
  return state;
}

void load_state(torch::nn::Module& module, const NamedTensors& state) {
  std::map<std::string, torch::Tensor> given(state.begin(), state.end());
  const NamedTensors own = state_of(module);
  for (const auto& [name, tensor] : own) {
    const auto found = given.find(name);
    if (found == given.end()) throw InputError("weights lack tensor '" + name + "'");
    const torch::Tensor& value = found->second;
    if (value.sizes() != tensor.sizes() || value.scalar_type() != tensor.scalar_type()) {
      throw InputError("tensor '" + name + "' is " + shape_text(value) + ", expected " +
                       shape_text(tensor));
    }
    given.erase(found);
  }
  if (!given.empty())
    throw InputError("weights hold surplus tensor '" + given.begin()->first + "'");
  given = std::map<std::string, torch::Tensor>(state.begin(), state.end());
  const torch::NoGradGuard no_grad;
  for (auto [name, tensor] : own) tensor.copy_(given.at(name));
}

}  // namespace nas
