#include "nas/export/test_vector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/safetensors.hpp"

namespace nas {
namespace {

std::string_view bytes_of(const std::vector<float>& values) {
  const void* start = values.data();
  return {static_cast<const char*>(start), values.size() * sizeof(float)};
}

}  // namespace

double TestVector::tolerance() const {
  double largest = 0;
  for (const float output : outputs) largest = std::max(largest, std::fabs(double{output}));
  return 1e-4 + 1e-5 * largest;
}

TestVector test_inputs(const Shape& input, const NetworkFacts& facts, int64_t samples) {
  RandomStream random(0, "export.test_vector");
  TestVector vector;
  vector.samples = samples;
  const int64_t area = input.height * input.width;
  for (int64_t i = 0; i < samples * input.channels * area; ++i) {
    if (!facts.takes_pixels()) {
      vector.inputs.push_back(static_cast<float>(random.normal()));
      continue;
    }
    const auto channel = static_cast<size_t>(i / area % input.channels);
    const double pixel = static_cast<double>(random.below(256)) / 255;
    vector.inputs.push_back(
        static_cast<float>((pixel - facts.mean[channel]) / facts.deviation[channel]));
  }
  return vector;
}

std::string encode_test_vector(const TestVector& vector, const Shape& input) {
  const std::array<NamedArray, 2> arrays{
      {{"input",
        ArrayType::float32,
        {vector.samples, input.channels, input.height, input.width},
        bytes_of(vector.inputs)},
       {"output",
        ArrayType::float32,
        {vector.samples, vector.classes()},
        bytes_of(vector.outputs)}}};
  return encode_safetensors(arrays, Json::object());
}

}  // namespace nas
