#include "nas/train/optimizer.hpp"

#include "nas/torch/format.hpp"

#include "nas/torch/torch.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

/// The entries of `tensors` whose parameters have gradients.
std::vector<torch::Tensor> selected(const std::vector<torch::Tensor>& tensors,
                                    const std::vector<size_t>& indices) {
  std::vector<torch::Tensor> list;
  list.reserve(indices.size());
  for (const size_t index : indices) list.push_back(tensors[index]);
  return list;
}

/// The fused kernels walk raw memory: a gradient must lie as its parameter does.
torch::Tensor gradient_as(const torch::Tensor& parameter) {
  const torch::Tensor& gradient = parameter.grad();
  if (gradient.strides() == parameter.strides()) return gradient;
  return torch::empty_like(parameter).copy_(gradient);
}

NamedTensors named(const char* prefix, const std::vector<torch::Tensor>& tensors) {
  NamedTensors list;
  for (size_t i = 0; i < tensors.size(); ++i) {
    list.emplace_back(fmt::format("{}.{}", prefix, i), tensors[i]);
  }
  return list;
}

}  // namespace

Optimizer::Optimizer(std::vector<torch::Tensor> parameters, const OptimizerConfig& config)
    : parameters_(std::move(parameters)), config_(config) {
  const torch::NoGradGuard no_grad;
  const bool adaptive = config_.kind != OptimizerKind::sgd;
  const torch::Device device = parameters_.empty() ? torch::kCPU : parameters_.front().device();
  learning_rate_ = torch::zeros(
      {}, torch::dtype(device.is_cpu() ? torch::kDouble : torch::kFloat).device(device));
  for (const auto& parameter : parameters_) {
    // A zero buffer makes the first step of momentum what it is without one.
    first_.push_back(torch::zeros_like(parameter));
    if (!adaptive) continue;
    second_.push_back(torch::zeros_like(parameter));
    steps_.push_back(torch::zeros({}, parameter.options().dtype(torch::kFloat)));
  }
}

void Optimizer::set_learning_rate(double learning_rate) { learning_rate_.fill_(learning_rate); }

void Optimizer::step(double learning_rate) {
  set_learning_rate(learning_rate);
  step();
}

void Optimizer::step() {
  const torch::NoGradGuard no_grad;
  std::vector<size_t> indices;
  std::vector<torch::Tensor> gradients;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    indices.push_back(i);
    gradients.push_back(gradient_as(parameters_[i]));
  }
  if (indices.empty()) return;
  auto parameters = selected(parameters_, indices);
  auto first = selected(first_, indices);
  if (config_.kind == OptimizerKind::sgd) {
    // Without momentum the kernel takes no buffers.
    if (config_.momentum == 0) first.clear();
    at::_fused_sgd_(parameters, gradients, first, config_.weight_decay, config_.momentum,
                    learning_rate_, /*dampening=*/0, config_.nesterov && config_.momentum > 0,
                    /*maximize=*/false, /*is_first_step=*/false);
    return;
  }
  auto second = selected(second_, indices);
  auto steps = selected(steps_, indices);
  at::_foreach_add_(steps, 1);
  const auto update = [&](auto kernel) {
    kernel(parameters, gradients, first, second, std::vector<torch::Tensor>(), steps,
           learning_rate_, config_.beta1, config_.beta2, config_.weight_decay, config_.epsilon,
           /*amsgrad=*/false,
           /*maximize=*/false);
  };
  if (config_.kind == OptimizerKind::adam) {
    update([](auto&&... arguments) { at::_fused_adam_(arguments...); });
  } else {
    update([](auto&&... arguments) { at::_fused_adamw_(arguments...); });
  }
}

void Optimizer::zero_grad() {
  for (auto& parameter : parameters_) parameter.mutable_grad().reset();
}

NamedTensors Optimizer::state() const {
  NamedTensors state = named("momentum", first_);
  for (const auto& list : {named("square", second_), named("steps", steps_)}) {
    state.insert(state.end(), list.begin(), list.end());
  }
  return state;
}

void Optimizer::load(const NamedTensors& state) {
  copy_named("optimizer state", state, this->state());
}

}  // namespace nas
