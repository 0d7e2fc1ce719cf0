#pragma once

#include <string>
#include <vector>

#include "controllers/gp_likelihood.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas::testing {

/// Numbers, options, and both under a condition.
inline Choices mixed_and_conditional() {
  return {{"kind", Categorical{{"a", "b", "c"}}, std::nullopt},
          {"rate", RealInterval{1e-4, 1, true}, std::nullopt},
          {"share", RealInterval{0, 1}, Condition{0, {0, 1}}},
          {"depth", IntegerInterval{1, 9}, Condition{0, {2}}},
          {"mode", Categorical{{"x", "y"}}, Condition{0, {1}}}};
}

/// Random points with values that depend on them.
inline GpData some_data(const Choices& choices, size_t size) {
  const UnitCube cube(choices);
  RandomStream random(3, "test.data");
  GpData data;
  for (size_t i = 0; i < size; ++i) {
    data.points.push_back(cube.encode(sample(choices, random)));
    double value = 0.1 * random.normal();
    for (const double feature : data.points.back()) {
      if (feature == feature) value += (feature - 0.4) * (feature - 0.4);
    }
    data.values.push_back(value);
  }
  return data;
}

/// Parameters somewhere in the middle, no warp an identity.
inline std::vector<double> some_parameters(size_t choices) {
  const GpLayout layout{choices};
  std::vector<double> parameters(layout.size());
  for (size_t i = 0; i < choices; ++i) {
    parameters[layout.log_weights() + i] = 0.4 * static_cast<double>(i) - 0.5;
    parameters[layout.log_a() + i] = 0.3 - 0.1 * static_cast<double>(i);
    parameters[layout.log_b() + i] = 0.1 * static_cast<double>(i) - 0.25;
  }
  parameters[layout.log_scale()] = 0.2;
  parameters[layout.log_noise()] = -3;
  parameters[layout.power()] = 0.6;
  parameters[layout.log_offset()] = -0.7;
  return parameters;
}

}  // namespace nas::testing
