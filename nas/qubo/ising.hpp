#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/qubo/quadratic_model.hpp"

namespace nas {

/// The spin form of a model, each variable's couplings side by side.
class Ising {
 public:
  struct Coupling {
    int64_t other = 0;
    double value = 0;
  };

  explicit Ising(const QuadraticModel& model);

  int64_t size() const { return static_cast<int64_t>(fields_.size()); }
  double offset() const { return offset_; }
  double field(int64_t i) const { return fields_[static_cast<size_t>(i)]; }
  std::span<const Coupling> couplings(int64_t i) const {
    const auto begin = begins_[static_cast<size_t>(i)];
    return {couplings_.data() + begin, begins_[static_cast<size_t>(i) + 1] - begin};
  }

 private:
  std::vector<double> fields_;
  double offset_ = 0;
  std::vector<Coupling> couplings_;
  std::vector<size_t> begins_;  // of each variable in couplings_, and the end
};

/// Spins of an Ising model with the energy and what each flip would change, kept up to date.
class SpinState {
 public:
  /// `ising` outlives the state.
  SpinState(const Ising& ising, VariableValues spins);

  const VariableValues& spins() const { return spins_; }
  double energy() const { return energy_; }
  /// Of the energy, if spin i were flipped.
  double change(int64_t i) const {
    const auto place = static_cast<size_t>(i);
    return -2 * spins_[place] * fields_[place];
  }
  void flip(int64_t i);

 private:
  const Ising* ising_;
  VariableValues spins_;
  std::vector<double> fields_;  // h_i + sum_j J_ij s_j
  double energy_;
};

}  // namespace nas
