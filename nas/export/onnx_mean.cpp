#include "nas/export/onnx_mean.hpp"

namespace nas {

OnnxNode OnnxMeans::write(const QuantizedMean& mean, OnnxParts& parts) {
  const AveragePool& layer = mean.layer;
  const auto channels = static_cast<int64_t>(mean.from.channels);
  const int64_t most = parts.type() == ActivationType::uint8 ? 255 : 127;
  const MeanConvolution convolution = mean_convolution(layer, mean.from, mean.to, most);
  const int64_t window = layer.kernel * layer.kernel;
  parts.dequantized("share", {channels, 1, layer.kernel, layer.kernel},
                    std::vector<int8_t>(static_cast<size_t>(channels * window), 1),
                    OnnxParts::floats(channels, 1.0 / static_cast<double>(window)));
  OnnxParts::Attributes attributes = OnnxParts::pool(layer);
  attributes.push_back({"group", channels});
  const OnnxParts::Names inputs{mean.in, parts.own("share")};
  if (convolution.plain) return {"Conv", "", inputs, {}, attributes};
  const std::string sum =
      parts.on_grid(parts.part("Conv", "sum", inputs, attributes), parts.own("sum."), mean.grid);
  return {"Mul", "", {sum, borders(convolution, mean.to, parts)}, {}, {}};
}

/// The factors of a MeanConvolution [1, 1, height, width]; equal ones once, for they are many.
std::string OnnxMeans::borders(const MeanConvolution& mean, const Shape& to, OnnxParts& parts) {
  std::string& known = borders_[{to.height, mean.factors}];
  if (!known.empty()) return known;
  const OnnxParts::Integers shape{1, 1, to.height, to.width};
  const auto& [first, last] = std::pair(mean.factors.begin(), mean.factors.end());
  const std::string values =
      parts.type() == ActivationType::uint8
          ? parts.constant("borders.q", shape, std::vector<uint8_t>(first, last))
          : parts.constant("borders.q", shape, std::vector<int8_t>(first, last));
  const auto step = OnnxParts::floats(1, 1.0 / static_cast<double>(mean.one));
  return known = parts.part("DequantizeLinear", "borders",
                            {values, parts.constant("borders.scale", {}, step)});
}

}  // namespace nas
