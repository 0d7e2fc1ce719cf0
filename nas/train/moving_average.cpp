#include "nas/train/moving_average.hpp"

#include <algorithm>

#include "nas/torch/torch.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {

MovingAverage::MovingAverage(const torch::nn::Module& module, double decay)
    : decay_(decay), live_(state_of(module)) {
  for (const auto& [name, tensor] : live_) {
    average_.emplace_back(name, tensor.detach().clone());
    if (!tensor.requires_grad()) {
      followed_.push_back(tensor);
      followers_.push_back(average_.back().second);
      continue;
    }
    values_.push_back(tensor);
    averages_.push_back(average_.back().second);
  }
}

void MovingAverage::update(int64_t step) {
  const torch::NoGradGuard no_grad;
  const auto count = static_cast<double>(step);
  at::_foreach_lerp_(averages_, values_, 1 - std::min(decay_, (1 + count) / (10 + count)));
  if (!followed_.empty()) at::_foreach_copy_(followers_, followed_);
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
  copy_named("moving average", state, average_);
}

}  // namespace nas
