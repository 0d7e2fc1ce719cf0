#include <protozero/pbf_builder.hpp>

#include "nas/export/onnx_model.hpp"
#include "nas/export/pack_nibbles.hpp"

namespace nas {
namespace {

// Field numbers of onnx/onnx.proto.
enum class Model : protozero::pbf_tag_type {
  ir_version = 1,
  producer_name = 2,
  graph = 7,
  opset_import = 8,
  metadata_props = 14
};
enum class Opset : protozero::pbf_tag_type { domain = 1, version = 2 };
enum class Entry : protozero::pbf_tag_type { key = 1, value = 2 };
enum class Graph : protozero::pbf_tag_type {
  node = 1,
  name = 2,
  initializer = 5,
  input = 11,
  output = 12
};
enum class NodeField : protozero::pbf_tag_type {
  input = 1,
  output = 2,
  name = 3,
  op_type = 4,
  attribute = 5
};
enum class Attribute : protozero::pbf_tag_type {
  name = 1,
  f = 2,
  i = 3,
  s = 4,
  ints = 8,
  type = 20
};
enum class TensorField : protozero::pbf_tag_type {
  dims = 1,
  data_type = 2,
  name = 8,
  raw_data = 9
};
enum class ValueInfo : protozero::pbf_tag_type { name = 1, type = 2 };
enum class Type : protozero::pbf_tag_type { tensor_type = 1 };
enum class TensorType : protozero::pbf_tag_type { elem_type = 1, shape = 2 };
enum class TensorShape : protozero::pbf_tag_type { dim = 1 };
enum class Dimension : protozero::pbf_tag_type { value = 1, parameter = 2 };

// AttributeProto.AttributeType
constexpr int kFloat = 1;
constexpr int kInt = 2;
constexpr int kString = 3;
constexpr int kInts = 7;
// TensorProto.DataType
constexpr int kFloat32 = 1;
constexpr int kUint8 = 2;
constexpr int kInt8 = 3;
constexpr int kInt32 = 6;
constexpr int kInt64 = 7;

constexpr int kInt4 = 22;

constexpr int64_t kIrVersion = 8;
/// From opset kNewOpset on.
constexpr int64_t kNewIrVersion = 10;
constexpr int64_t kNewOpset = 21;

template <class Field>
using Builder = protozero::pbf_builder<Field>;

/// Writes one attribute's value with its type.
struct WriteAttribute {
  Builder<Attribute>& out;

  void operator()(int64_t value) const {
    out.add_int64(Attribute::i, value);
    out.add_enum(Attribute::type, kInt);
  }
  void operator()(float value) const {
    out.add_float(Attribute::f, value);
    out.add_enum(Attribute::type, kFloat);
  }
  void operator()(const std::string& value) const {
    out.add_bytes(Attribute::s, value);
    out.add_enum(Attribute::type, kString);
  }
  void operator()(const std::vector<int64_t>& values) const {
    for (const int64_t value : values) out.add_int64(Attribute::ints, value);
    out.add_enum(Attribute::type, kInts);
  }
};

void write(Builder<Graph>& graph, const OnnxNode& node) {
  Builder<NodeField> out(graph, Graph::node);
  for (const auto& input : node.inputs) out.add_string(NodeField::input, input);
  for (const auto& output : node.outputs) out.add_string(NodeField::output, output);
  if (!node.name.empty()) out.add_string(NodeField::name, node.name);
  out.add_string(NodeField::op_type, node.type);
  for (const auto& attribute : node.attributes) {
    Builder<Attribute> field(out, NodeField::attribute);
    field.add_string(Attribute::name, attribute.name);
    std::visit(WriteAttribute{field}, attribute.value);
  }
}

/// Numbers as raw little-endian bytes.
struct WriteValues {
  Builder<TensorField>& out;

  void operator()(const std::vector<float>& values) const { write(values, kFloat32); }
  void operator()(const std::vector<int64_t>& values) const { write(values, kInt64); }
  void operator()(const std::vector<int32_t>& values) const { write(values, kInt32); }
  void operator()(const std::vector<int8_t>& values) const { write(values, kInt8); }
  void operator()(const std::vector<uint8_t>& values) const { write(values, kUint8); }
  void operator()(const OnnxInt4& numbers) const { write(pack_nibbles(numbers.values), kInt4); }

 private:
  template <class T>
  void write(const std::vector<T>& values, int type) const {
    out.add_int32(TensorField::data_type, type);
    const void* bytes = values.data();
    out.add_bytes(TensorField::raw_data, static_cast<const char*>(bytes),
                  values.size() * sizeof(T));
  }
};

void write(Builder<Graph>& graph, const OnnxTensor& tensor) {
  Builder<TensorField> out(graph, Graph::initializer);
  for (const int64_t size : tensor.shape) out.add_int64(TensorField::dims, size);
  out.add_string(TensorField::name, tensor.name);
  std::visit(WriteValues{out}, tensor.values);
}

void write(Builder<Graph>& graph, Graph field, const OnnxValue& value) {
  Builder<ValueInfo> out(graph, field);
  out.add_string(ValueInfo::name, value.name);
  Builder<Type> type(out, ValueInfo::type);
  Builder<TensorType> tensor(type, Type::tensor_type);
  tensor.add_int32(TensorType::elem_type, kFloat32);
  Builder<TensorShape> shape(tensor, TensorType::shape);
  Builder<Dimension>(shape, TensorShape::dim).add_string(Dimension::parameter, "batch");
  for (const int64_t size : value.sizes) {
    Builder<Dimension>(shape, TensorShape::dim).add_int64(Dimension::value, size);
  }
}

}  // namespace

std::string encode_onnx(const OnnxModel& model) {
  std::string bytes;
  Builder<Model> out(bytes);
  out.add_int64(Model::ir_version, model.opset < kNewOpset ? kIrVersion : kNewIrVersion);
  out.add_string(Model::producer_name, "nas");
  Builder<Opset>(out, Model::opset_import).add_int64(Opset::version, model.opset);
  for (const auto& [key, text] : model.metadata) {
    Builder<Entry> entry(out, Model::metadata_props);
    entry.add_string(Entry::key, key);
    entry.add_string(Entry::value, text);
  }
  Builder<Graph> graph(out, Model::graph);
  for (const auto& node : model.nodes) write(graph, node);
  graph.add_string(Graph::name, "network");
  for (const auto& tensor : model.initializers) write(graph, tensor);
  write(graph, Graph::input, model.input);
  write(graph, Graph::output, model.output);
  graph.commit();
  return bytes;
}

}  // namespace nas
