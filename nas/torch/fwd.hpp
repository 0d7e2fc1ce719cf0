#pragma once

/// \file
/// Forward declarations of LibTorch types, so that headers stay cheap to include.

namespace at {
class Tensor;
}  // namespace at

namespace c10 {
struct Device;
}  // namespace c10

namespace torch {
using at::Tensor;
}  // namespace torch
