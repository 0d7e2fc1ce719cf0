#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/export/facts.hpp"
#include "nas/plan/network.hpp"

namespace nas {

/// Inputs of a network and what it gives for them; an exported network is held to it.
struct TestVector {
  int64_t samples = 0;
  std::vector<float> inputs;   // [samples, C, H, W]
  std::vector<float> outputs;  // [samples, classes]

  /// How far an exported network's numbers may be off: 1e-4, and 1e-5 of the largest output, which
  /// is what float32 sums in another order come to.
  double tolerance() const;
  int64_t classes() const { return static_cast<int64_t>(outputs.size()) / samples; }
};

/// `samples` pictures of random pixels, normalised as `facts` say (standard normal numbers where
/// they say nothing); outputs are left empty. Always the same.
TestVector test_inputs(const Shape& input, const NetworkFacts& facts, int64_t samples);

/// A safetensors file with the arrays "input" and "output".
std::string encode_test_vector(const TestVector& vector, const Shape& input);

}  // namespace nas
