#pragma once

#include <cstdint>

#include "nas/core/host_device.hpp"

/// \file
/// Kernels of a grid: structs with count() and operator()(i), which does the whole work of index i
/// of 0 .. count() - 1 and meets no other index. A GPU runs each index on a thread of its own
/// (grid_kernels.cu), a CPU runs them in a loop (run_grid.hpp): what is checked there is what runs
/// here. Sums over a batch are taken in parts and the parts in a fixed order, so that the same
/// numbers give the same bits.

namespace nas {

/// Division with rest; in 32 bits where that is enough, which a GPU does several times as fast.
struct Division {
  int64_t quotient;
  int64_t rest;
};
NAS_HOST_DEVICE inline Division divide(int64_t value, int64_t by) {
  if (((value | by) >> 32) == 0) {
    const auto small = static_cast<uint32_t>(value);
    const auto divisor = static_cast<uint32_t>(by);
    return {small / divisor, small % divisor};
  }
  return {value / by, value % by};
}

struct GridPlace {
  int64_t sample = 0;
  int64_t channel = 0;
  int32_t y = 0;
  int32_t x = 0;
};

/// A tensor [samples, channels, height, width] without gaps in memory.
struct GridImage {
  int64_t samples = 0;
  int64_t channels = 0;
  int32_t height = 0;
  int32_t width = 0;
  bool channels_last = true;

  NAS_HOST_DEVICE int64_t area() const { return static_cast<int64_t>(height) * width; }
  NAS_HOST_DEVICE int64_t pixels() const { return samples * area(); }
  NAS_HOST_DEVICE int64_t elements() const { return pixels() * channels; }
  /// Elements between neighbours of a row.
  NAS_HOST_DEVICE int64_t step() const { return channels_last ? channels : 1; }

  NAS_HOST_DEVICE int64_t offset(const GridPlace& place) const {
    const int64_t pixel = static_cast<int64_t>(place.y) * width + place.x;
    return channels_last ? (place.sample * area() + pixel) * channels + place.channel
                         : (place.sample * channels + place.channel) * area() + pixel;
  }

  /// Of element `i` in memory.
  NAS_HOST_DEVICE GridPlace place(int64_t i) const {
    if (channels_last) {
      const Division by_channel = divide(i, channels);
      return place_of_pixel(by_channel.quotient, by_channel.rest);
    }
    const Division by_area = divide(i, area());
    const Division by_channel = divide(by_area.quotient, channels);
    GridPlace place = place_of_pixel(by_area.rest, by_channel.rest);
    place.sample = by_channel.quotient;
    return place;
  }

  /// Of pixel `i`, counted over all samples.
  NAS_HOST_DEVICE GridPlace place_of_pixel(int64_t i, int64_t channel) const {
    const Division by_width = divide(i, width);
    const Division by_height = divide(by_width.quotient, height);
    return {by_height.quotient, channel, static_cast<int32_t>(by_height.rest),
            static_cast<int32_t>(by_width.rest)};
  }

  /// Of pixel `i`, counted over all samples, in memory.
  NAS_HOST_DEVICE int64_t offset_of_pixel(int64_t i, int64_t channel) const {
    if (channels_last) return i * channels + channel;
    const Division by_area = divide(i, area());
    return (by_area.quotient * channels + channel) * area() + by_area.rest;
  }

  NAS_HOST_DEVICE int64_t channel_of(int64_t i) const {
    return channels_last ? divide(i, channels).rest
                         : divide(divide(i, area()).quotient, channels).rest;
  }
};

/// Work for each pair of a channel and one of `chunks` parts of the pixels. Part k has the pixels
/// k, k + chunks, ...: neighbouring indices then read neighbouring memory in either layout.
struct GridPart {
  int64_t chunk = 0;
  int64_t channel = 0;
};
NAS_HOST_DEVICE inline GridPart part_of_image(const GridImage& image, int64_t chunks, int64_t i) {
  const Division found = divide(i, image.channels_last ? image.channels : chunks);
  return image.channels_last ? GridPart{found.quotient, found.rest}
                             : GridPart{found.rest, found.quotient};
}

}  // namespace nas
