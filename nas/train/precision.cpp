#include "nas/train/precision.hpp"

#include <ATen/autocast_mode.h>

#include "nas/torch/torch.hpp"

namespace nas {

AutocastScope::AutocastScope(Precision precision, torch::Device device)
    : active_(precision == Precision::bfloat16), type_(device.type()) {
  if (!active_) return;
  at::autocast::set_autocast_dtype(type_, torch::kBFloat16);
  at::autocast::set_autocast_enabled(type_, true);
  at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
  if (!active_) return;
  at::autocast::set_autocast_enabled(type_, false);
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
}

}  // namespace nas
