#include "nas/qubo/quadratic_model.hpp"

#include <algorithm>

namespace nas {
namespace {

/// a x = a / 2 + (a / 2) s and b x y = (b / 4) (1 + s + t + s t).
QuadraticModel to_spins(const QuadraticModel& model) {
  QuadraticModel spins{Vartype::spin, model.names, {}, {}, model.offset, model.meaning};
  for (const double bias : model.linear) {
    spins.linear.push_back(bias / 2);
    spins.offset += bias / 2;
  }
  for (const auto& [pair, bias] : model.quadratic) {
    spins.quadratic[pair] = bias / 4;
    spins.linear[static_cast<size_t>(pair.first)] += bias / 4;
    spins.linear[static_cast<size_t>(pair.second)] += bias / 4;
    spins.offset += bias / 4;
  }
  return spins;
}

/// h s = 2 h x - h and J s t = J (4 x y - 2 x - 2 y + 1).
QuadraticModel to_bits(const QuadraticModel& model) {
  QuadraticModel bits{Vartype::binary, model.names, {}, {}, model.offset, model.meaning};
  for (const double bias : model.linear) {
    bits.linear.push_back(2 * bias);
    bits.offset -= bias;
  }
  for (const auto& [pair, bias] : model.quadratic) {
    bits.quadratic[pair] = 4 * bias;
    bits.linear[static_cast<size_t>(pair.first)] -= 2 * bias;
    bits.linear[static_cast<size_t>(pair.second)] -= 2 * bias;
    bits.offset += bias;
  }
  return bits;
}

}  // namespace

std::string_view to_text(Vartype vartype) { return vartype == Vartype::binary ? "BINARY" : "SPIN"; }

int64_t QuadraticModel::add_variable(std::string name, double bias) {
  names.push_back(std::move(name));
  linear.push_back(bias);
  return size() - 1;
}

void QuadraticModel::add(int64_t i, int64_t j, double bias) {
  if (i != j) {
    quadratic[std::minmax(i, j)] += bias;
  } else if (vartype == Vartype::binary) {
    linear[static_cast<size_t>(i)] += bias;
  } else {
    offset += bias;
  }
}

double QuadraticModel::energy(std::span<const int8_t> values) const {
  double sum = offset;
  for (size_t i = 0; i < linear.size(); ++i) sum += linear[i] * values[i];
  for (const auto& [pair, bias] : quadratic) {
    sum +=
        bias * values[static_cast<size_t>(pair.first)] * values[static_cast<size_t>(pair.second)];
  }
  return sum;
}

QuadraticModel converted(const QuadraticModel& model, Vartype vartype) {
  if (model.vartype == vartype) return model;
  return vartype == Vartype::spin ? to_spins(model) : to_bits(model);
}

VariableValues converted(std::span<const int8_t> values, Vartype vartype) {
  VariableValues result;
  for (const int8_t value : values) {
    const bool on = value == 1;
    result.push_back(static_cast<int8_t>(on ? 1 : vartype == Vartype::binary ? 0 : -1));
  }
  return result;
}

}  // namespace nas
