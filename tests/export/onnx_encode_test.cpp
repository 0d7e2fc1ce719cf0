#include <map>
#include <set>

#include "nas/export/onnx.hpp"
#include "nas/export/onnx_model.hpp"
#include "nas/export/short_names.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::string text_of(const std::vector<int>& bytes) { return {bytes.begin(), bytes.end()}; }

bool holds(const std::string& all, const std::vector<int>& bytes) {
  return all.find(text_of(bytes)) != all.npos;
}

}  // namespace

TEST_CASE("A model begins with its IR version, and names its operator set") {
  const std::string bytes = encode_onnx({});
  CHECK(bytes.substr(0, 2) == text_of({0x08, 8}));  // ir_version = 8
  CHECK(holds(bytes, {0x42, 2, 0x10, 17}));         // opset_import {version = 17}
}

TEST_CASE("Numbers travel as raw little-endian bytes with their shape") {
  OnnxModel model;
  model.initializers.push_back({"w", {1, 2}, std::vector<float>{1.0F, -2.0F}});
  model.initializers.push_back({"i", {1}, std::vector<int64_t>{-1}});
  const std::string bytes = encode_onnx(model);
  // dims 1, 2; name; data_type FLOAT; raw_data
  CHECK(holds(bytes,
              {0x08, 1, 0x08, 2, 0x42, 1, 'w', 0x10, 1, 0x4a, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0}));
  CHECK(holds(bytes, {0x10, 7, 0x4a, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}));
}

TEST_CASE("Attributes carry the type of their value") {
  OnnxModel model;
  model.nodes.push_back({"Op", "n", {"a"}, {"b"}, {{"axis", int64_t{-1}}, {"alpha", 0.5F}}});
  const std::string bytes = encode_onnx(model);
  CHECK(holds(bytes, {0x0a, 4,    'a',  'x',  'i',  's',  0x18, 0xff, 0xff, 0xff,
                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,    0xa0, 1,    2}));
  CHECK(holds(bytes, {0x0a, 5, 'a', 'l', 'p', 'h', 'a', 0x15, 0, 0, 0, 0x3f, 0xa0, 1, 1}));
}

TEST_CASE("Inputs and outputs have a batch of any size") {
  OnnxModel model;
  model.input = {"x", {3}};
  // dim {dim_param = "batch"}, dim {dim_value = 3}
  CHECK(holds(encode_onnx(model), {0x0a, 7, 0x12, 5, 'b', 'a', 't', 'c', 'h', 0x0a, 2, 0x08, 3}));
}

TEST_CASE("The same network gives the same file") {
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const auto network = inference_network(plan, input, random_weights(plan, 1));
    CHECK(encode_onnx(onnx_model(network, {})) == encode_onnx(onnx_model(network, {})));
  }
}

TEST_CASE("No two values of a model have one name") {
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const auto network = inference_network(plan, input, random_weights(plan, 1));
    const OnnxModel model = onnx_model(network, {});
    std::set<std::string> names{model.input.name};
    for (const auto& tensor : model.initializers) CHECK(names.insert(tensor.name).second);
    for (const auto& node : model.nodes) {
      for (const auto& name : node.inputs) CHECK(names.contains(name));
      for (const auto& name : node.outputs) CHECK(names.insert(name).second);
    }
    CHECK(names.contains(model.output.name));
  }
}

TEST_CASE(
    "Shortened names connect the same values, and leave the input, the output and operators "
    "alone") {
  for (const auto& [plan, input] : networks_of_every_layer()) {
    const auto network = inference_network(plan, input, random_weights(plan, 1));
    const OnnxModel whole = onnx_model(network, {});
    OnnxModel model = whole;
    shorten_value_names(model);
    std::map<std::string, std::string> short_name;  // by whole name
    std::set<std::string> taken;
    const auto match = [&](const std::string& before, const std::string& after) {
      if (short_name.emplace(before, after).second) CHECK(taken.insert(after).second);
      CHECK(short_name.at(before) == after);
    };
    match(whole.input.name, model.input.name);
    match(whole.output.name, model.output.name);
    for (size_t i = 0; i < whole.initializers.size(); ++i) {
      match(whole.initializers[i].name, model.initializers[i].name);
    }
    for (size_t i = 0; i < whole.nodes.size(); ++i) {
      CHECK(model.nodes[i].name == whole.nodes[i].name);
      for (size_t k = 0; k < whole.nodes[i].inputs.size(); ++k) {
        match(whole.nodes[i].inputs[k], model.nodes[i].inputs[k]);
      }
      for (size_t k = 0; k < whole.nodes[i].outputs.size(); ++k) {
        match(whole.nodes[i].outputs[k], model.nodes[i].outputs[k]);
      }
    }
    CHECK(model.input.name == "input");
    CHECK(model.output.name == "logits");
    CHECK(encode_onnx(model).size() < encode_onnx(whole).size());
  }
}

}  // namespace nas
