#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nas/export/onnx.hpp"

namespace nas {

/// Operators and constants of an ONNX model, written for one node of a network after another. The
/// names of what a node is made of begin with its own, so that no two are equal.
class OnnxParts {
 public:
  using Names = std::vector<std::string>;
  using Attributes = std::vector<OnnxAttribute>;
  using Integers = std::vector<int64_t>;

  /// The model outlives it; `type` is that of quantized values.
  OnnxParts(OnnxModel& model, ActivationType type) : model_(model), type_(type) {}

  /// What follows belongs to the network's node of this name.
  void begin(std::string node) { node_ = std::move(node); }

  ActivationType type() const { return type_; }
  OnnxModel& model() { return model_; }

  /// A name below the node's own; nodes' values end in ".out".
  std::string own(const std::string& part) const { return node_ + "." + part; }

  void write(const char* type, const std::string& name, Names inputs, Names outputs,
             Attributes attributes);
  /// Names make a good part of a small int8 network's bytes.
  void write_unnamed(const char* type, Names inputs, Names outputs);
  /// An operator on the way to the node's value; returns what it gives.
  std::string part(const char* type, const std::string& name, Names inputs,
                   Attributes attributes = {});
  template <class Values>
  std::string constant(const std::string& name, Integers shape, Values values) {
    model_.initializers.push_back({own(name), std::move(shape), std::move(values)});
    return own(name);
  }

  /// Constant whole numbers times a scale for each channel, their first dimension.
  template <class Values>
  void dequantized(const std::string& name, Integers shape, Values values,
                   std::vector<float> scales) {
    const auto channels = std::ssize(scales);
    const Names inputs{constant(name + ".q", std::move(shape), std::move(values)),
                       constant(name + ".scale", {channels}, std::move(scales))};
    part("DequantizeLinear", name, inputs, {{"axis", int64_t{0}}});
  }

  /// Puts a value on a grid; names begin with `prefix`. Returns the new value.
  std::string on_grid(const std::string& from, const std::string& prefix, const Grid& grid);
  /// The same, with a name for the new value.
  void write_pair(const std::string& from, const std::string& to, const std::string& prefix,
                  const Grid& grid);

  static std::vector<float> floats(int64_t count, double value) {
    return std::vector<float>(static_cast<size_t>(count), static_cast<float>(value));
  }
  template <class Pool>
  static Attributes pool(const Pool& layer) {
    return {{"kernel_shape", Integers{layer.kernel, layer.kernel}},
            {"strides", Integers{layer.stride, layer.stride}},
            {"pads", Integers(4, layer.padding)}};
  }

 private:
  OnnxModel& model_;
  ActivationType type_;
  std::string node_;
};

}  // namespace nas
