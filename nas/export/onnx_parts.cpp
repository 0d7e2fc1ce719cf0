#include "nas/export/onnx_parts.hpp"

namespace nas {

void OnnxParts::write(const char* type, const std::string& name, Names inputs, Names outputs,
                      Attributes attributes) {
  model_.nodes.push_back(
      {type, own(name), std::move(inputs), std::move(outputs), std::move(attributes)});
}

void OnnxParts::write_unnamed(const char* type, Names inputs, Names outputs) {
  model_.nodes.push_back({type, "", std::move(inputs), std::move(outputs), {}});
}

std::string OnnxParts::part(const char* type, const std::string& name, Names inputs,
                            Attributes attributes) {
  write(type, name, std::move(inputs), {own(name)}, std::move(attributes));
  return own(name);
}

std::string OnnxParts::on_grid(const std::string& from, const std::string& prefix,
                               const Grid& grid) {
  write_pair(from, prefix + "out", prefix, grid);
  return prefix + "out";
}

void OnnxParts::write_pair(const std::string& from, const std::string& to,
                           const std::string& prefix, const Grid& grid) {
  const std::string scale = prefix + "grid.scale";
  const std::string zero = prefix + "grid.zero";
  model_.initializers.push_back({scale, {}, std::vector<float>{grid.scale}});
  if (type_ == ActivationType::uint8) {
    const auto value = static_cast<uint8_t>(grid.zero + 128);
    model_.initializers.push_back({zero, {}, std::vector<uint8_t>{value}});
  } else {
    const auto value = static_cast<int8_t>(grid.zero);
    model_.initializers.push_back({zero, {}, std::vector<int8_t>{value}});
  }
  write_unnamed("QuantizeLinear", {from, scale, zero}, {prefix + "q"});
  write_unnamed("DequantizeLinear", {prefix + "q", scale, zero}, {to});
}

}  // namespace nas
