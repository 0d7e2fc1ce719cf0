#include "nas/export/layout.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// [rows, planes, area] -> [rows, area, planes]
std::vector<float> planes_last(const std::vector<float>& values, int64_t rows, int64_t planes,
                               int64_t area) {
  std::vector<float> result;
  result.reserve(values.size());
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t place = 0; place < area; ++place) {
      for (int64_t plane = 0; plane < planes; ++plane) {
        result.push_back(values[at((row * planes + plane) * area + place)]);
      }
    }
  }
  return result;
}

}  // namespace

bool is_depthwise(const Convolution& layer) {
  return layer.groups > 1 && layer.groups == layer.in_channels &&
         layer.groups == layer.out_channels;
}

std::vector<float> channels_last(const Tensor& tensor) {
  return planes_last(tensor.values, tensor.shape[0], tensor.shape[1],
                     tensor.shape[2] * tensor.shape[3]);
}

std::vector<float> taps_then_channels(const Tensor& tensor) {
  return planes_last(tensor.values, 1, tensor.shape[0], tensor.shape[2] * tensor.shape[3]);
}

std::vector<float> columns_channels_last(const Tensor& tensor, const Shape& shape) {
  return planes_last(tensor.values, tensor.shape[0], shape.channels, shape.height * shape.width);
}

}  // namespace nas
