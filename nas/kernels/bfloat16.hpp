#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "nas/core/host_device.hpp"

namespace nas {

/// The upper half of a float32, as LibTorch's BFloat16 lies in memory.
struct BFloat16 {
  uint16_t bits = 0;
};

/// The type that sums of T are kept in, and in which the weights that meet a T are.
template <class T>
struct WideOf {
  using Type = T;
};
template <>
struct WideOf<BFloat16> {
  using Type = float;
};
template <class T>
using Wide = typename WideOf<T>::Type;

NAS_HOST_DEVICE inline float widen(float value) { return value; }
NAS_HOST_DEVICE inline double widen(double value) { return value; }
NAS_HOST_DEVICE inline float widen(BFloat16 value) {
  const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
  float wide = 0;
  memcpy(&wide, &bits, sizeof(wide));
  return wide;
}

/// To the nearest, of two equally near ones to the even; a NaN stays one.
NAS_HOST_DEVICE inline BFloat16 rounded_to_bfloat16(float value) {
  if (std::isnan(value)) return {0x7FC0};
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof(bits));
  return {static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)};
}

template <class T>
NAS_HOST_DEVICE T narrow(Wide<T> value) {
  return value;
}
template <>
NAS_HOST_DEVICE inline BFloat16 narrow<BFloat16>(float value) {
  return rounded_to_bfloat16(value);
}

}  // namespace nas
