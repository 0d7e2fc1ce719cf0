#pragma once

#include <map>
#include <string>
#include <utility>

#include "nas/export/mean_convolution.hpp"
#include "nas/export/onnx_parts.hpp"

namespace nas {

/// An average pool of a quantized network.
struct QuantizedMean {
  const AveragePool& layer;
  const Shape& from;
  const Shape& to;
  /// Name of what it reads.
  std::string in;
  /// Of its result.
  const Grid& grid;
};

/// Writes average pools as convolutions (MeanConvolution): those of int8 numbers are 15 times
/// slower than those of floats in onnxruntime.
class OnnxMeans {
 public:
  /// All but the last operator, which gives the node's value; that one is returned, with no name
  /// and no outputs yet.
  OnnxNode write(const QuantizedMean& mean, OnnxParts& parts);

 private:
  std::string borders(const MeanConvolution& mean, const Shape& to, OnnxParts& parts);

  /// Names by height and factors.
  std::map<std::pair<int64_t, std::vector<int64_t>>, std::string> borders_;
};

}  // namespace nas
