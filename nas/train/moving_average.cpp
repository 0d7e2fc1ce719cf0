#include "nas/train/moving_average.hpp"

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

MovingAverage::MovingAverage(const torch::nn::Module& module, double decay)
    : decay_(decay), live_(state_of(module)) {
  for (const auto& [name, tensor] : live_) average_.emplace_back(name, tensor.detach().clone());
}

void MovingAverage::update() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < live_.size(); ++i) {
    torch::Tensor& average = average_[i].second;
    const torch::Tensor& value = live_[i].second;
    value.requires_grad() ? average.lerp_(value, 1 - decay_) : average.copy_(value);
  }
}

void MovingAverage::swap() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < live_.size(); ++i) {
    const torch::Tensor value = live_[i].second.detach().clone();
    live_[i].second.copy_(average_[i].second);
    average_[i].second.copy_(value);
  }
}

void MovingAverage::load(const NamedTensors& state) {
  const torch::NoGradGuard no_grad;
  if (state.size() != average_.size()) throw InputError("moving average: tensors are missing");
  for (size_t i = 0; i < state.size(); ++i) {
    if (state[i].first != average_[i].first) {
      throw InputError("moving average: found tensor " + state[i].first + ", expected " +
                       average_[i].first);
    }
    average_[i].second.copy_(state[i].second);
  }
}

}  // namespace nas
