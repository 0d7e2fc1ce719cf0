#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/qubo/meaning.hpp"

namespace nas {

/// Values of the variables: 0 and 1 (a QUBO), or -1 and 1 (an Ising model).
enum class Vartype { binary, spin };

std::string_view to_text(Vartype vartype);

/// A value of each variable, in the order of the model's.
using VariableValues = std::vector<int8_t>;

/// A quadratic function of two-valued variables, to be minimised:
///   E(v) = offset + sum_i linear[i] v_i + sum_{i<j} quadratic[i, j] v_i v_j
struct QuadraticModel {
  Vartype vartype = Vartype::binary;
  std::vector<std::string> names;                           // each once
  std::vector<double> linear;                               // one a name
  std::map<std::pair<int64_t, int64_t>, double> quadratic;  // first < second
  double offset = 0;
  Meaning meaning;

  int64_t size() const { return static_cast<int64_t>(linear.size()); }
  /// Returns the index of the new variable.
  int64_t add_variable(std::string name, double bias = 0);
  /// Adds `bias` v_i v_j, where i = j that of the product's value: v_i for bits, 1 for spins.
  void add(int64_t i, int64_t j, double bias);
  double energy(std::span<const int8_t> values) const;
};

/// The same function of variables of the other kind, x = (1 + s) / 2; itself where it has them.
QuadraticModel converted(const QuadraticModel& model, Vartype vartype);
/// The values that mean the same.
VariableValues converted(std::span<const int8_t> values, Vartype vartype);

}  // namespace nas
