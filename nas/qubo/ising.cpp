#include "nas/qubo/ising.hpp"

namespace nas {

Ising::Ising(const QuadraticModel& model) {
  const QuadraticModel spins = converted(model, Vartype::spin);
  fields_ = spins.linear;
  offset_ = spins.offset;
  std::vector<std::vector<Coupling>> rows(fields_.size());
  for (const auto& [pair, bias] : spins.quadratic) {
    if (bias == 0) continue;
    rows[static_cast<size_t>(pair.first)].push_back({pair.second, bias});
    rows[static_cast<size_t>(pair.second)].push_back({pair.first, bias});
  }
  for (const auto& row : rows) {
    begins_.push_back(couplings_.size());
    couplings_.insert(couplings_.end(), row.begin(), row.end());
  }
  begins_.push_back(couplings_.size());
}

SpinState::SpinState(const Ising& ising, VariableValues spins)
    : ising_(&ising), spins_(std::move(spins)), energy_(ising.offset()) {
  for (int64_t i = 0; i < ising.size(); ++i) {
    double coupled = 0;
    for (const auto& [other, value] : ising.couplings(i)) {
      coupled += value * spins_[static_cast<size_t>(other)];
    }
    fields_.push_back(ising.field(i) + coupled);
    // Each coupling is met from both of its ends.
    energy_ += spins_[static_cast<size_t>(i)] * (ising.field(i) + coupled / 2);
  }
}

void SpinState::flip(int64_t i) {
  energy_ += change(i);
  auto& spin = spins_[static_cast<size_t>(i)];
  spin = static_cast<int8_t>(-spin);
  for (const auto& [other, value] : ising_->couplings(i)) {
    fields_[static_cast<size_t>(other)] += 2 * value * spin;
  }
}

}  // namespace nas
