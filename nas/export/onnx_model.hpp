#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nas {

/// The parts of the ONNX format (onnx/onnx.proto of ONNX 1.12, IR version 8; from opset 21 on of
/// ONNX 1.16, version 10) that we write.

/// Numbers of -8 to 7, which the file has two to a byte (ONNX 1.16).
struct OnnxInt4 {
  std::vector<int8_t> values;
};

struct OnnxTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::variant<std::vector<float>, std::vector<int64_t>, std::vector<int32_t>, std::vector<int8_t>,
               std::vector<uint8_t>, OnnxInt4>
      values;
};

struct OnnxAttribute {
  std::string name;
  std::variant<int64_t, float, std::string, std::vector<int64_t>> value;
};

struct OnnxNode {
  std::string type;
  std::string name;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<OnnxAttribute> attributes;
};

/// float32; a first dimension "batch" of any size stands before `sizes`.
struct OnnxValue {
  std::string name;
  std::vector<int64_t> sizes;
};

struct OnnxModel {
  int64_t opset = 17;
  std::vector<OnnxNode> nodes;  // each after those that it reads
  std::vector<OnnxTensor> initializers;
  OnnxValue input;
  OnnxValue output;
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// The file's bytes, in protobuf's wire format. The same model always gives the same bytes.
std::string encode_onnx(const OnnxModel& model);

}  // namespace nas
