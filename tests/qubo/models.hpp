#pragma once

#include <string>

#include "nas/core/random.hpp"
#include "nas/qubo/quadratic_model.hpp"

namespace nas::testing {

/// Every linear bias, and of all pairs a half, standard normal.
inline QuadraticModel random_model(int64_t variables, uint64_t seed, Vartype vartype) {
  RandomStream random(seed, "test.model");
  QuadraticModel model;
  model.vartype = vartype;
  model.offset = random.normal();
  for (int64_t i = 0; i < variables; ++i) {
    model.add_variable("v" + std::to_string(i), random.normal());
    for (int64_t j = 0; j < i; ++j) {
      if (random.below(2) == 0) model.add(j, i, random.normal());
    }
  }
  return model;
}

/// Bit i of `bits` is whether variable i has its upper value.
inline VariableValues values_of(uint64_t bits, int64_t variables, Vartype vartype) {
  VariableValues values;
  for (int64_t i = 0; i < variables; ++i) {
    values.push_back(static_cast<int8_t>((bits >> i & 1) != 0       ? 1
                                         : vartype == Vartype::spin ? -1
                                                                    : 0));
  }
  return values;
}

/// By the definition, one assignment after another.
inline double lowest_energy(const QuadraticModel& model) {
  double lowest = model.energy(values_of(0, model.size(), model.vartype));
  for (uint64_t bits = 1; bits < uint64_t{1} << model.size(); ++bits) {
    lowest = std::min(lowest, model.energy(values_of(bits, model.size(), model.vartype)));
  }
  return lowest;
}

}  // namespace nas::testing
