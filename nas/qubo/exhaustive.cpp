#include "nas/qubo/exhaustive.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace nas {
namespace {

constexpr int64_t kInner = 10;

/// The spins of a number's bits.
void set_bits(VariableValues& spins, size_t first, size_t count, uint64_t bits) {
  for (size_t b = 0; b < count; ++b) {
    spins[first + b] = static_cast<int8_t>((bits >> b & 1) != 0 ? 1 : -1);
  }
}

class Enumeration {
 public:
  explicit Enumeration(const Ising& ising)
      : ising_(&ising),
        inner_(static_cast<size_t>(std::min(kInner, ising.size()))),
        outer_(static_cast<size_t>(ising.size()) - inner_),
        pairs_(size_t{1} << inner_),
        sums_(pairs_.size()) {
    VariableValues spins(inner_ + outer_, -1);
    for (size_t bits = 0; bits < pairs_.size(); ++bits) {
      set_bits(spins, outer_, inner_, bits);
      pairs_[bits] = inner_pairs(spins);
    }
  }

  VariableValues ground_state() {
    VariableValues spins(inner_ + outer_, -1);
    double lowest = std::numeric_limits<double>::infinity();
    VariableValues best;
    for (uint64_t step = 0; step < uint64_t{1} << outer_; ++step) {
      set_bits(spins, 0, outer_, step);
      set_sums(spins);
      const double energy = lowest_sum();
      if (energy >= lowest) continue;
      lowest = energy;
      best = spins;
      const auto place = std::find(sums_.begin(), sums_.end(), energy) - sums_.begin();
      set_bits(best, outer_, inner_, static_cast<uint64_t>(place));
    }
    return best;
  }

 private:
  double inner_pairs(const VariableValues& spins) const {
    double sum = 0;
    for (size_t i = outer_; i < spins.size(); ++i) {
      for (const auto& [other, value] : ising_->couplings(static_cast<int64_t>(i))) {
        const auto j = static_cast<size_t>(other);
        if (j > i) sum += value * spins[i] * spins[j];
      }
    }
    return sum;
  }

  /// h_i + sum over the outer spins below `end`.
  double field(const VariableValues& spins, size_t i, size_t end) const {
    double sum = ising_->field(static_cast<int64_t>(i));
    for (const auto& [other, value] : ising_->couplings(static_cast<int64_t>(i))) {
      const auto j = static_cast<size_t>(other);
      if (j >= end) break;  // in the order of the variables
      sum += value * spins[j];
    }
    return sum;
  }

  /// Energies of all values of the inner spins beside these outer ones.
  void set_sums(const VariableValues& spins) {
    double energy = ising_->offset();
    for (size_t i = 0; i < outer_; ++i) energy += spins[i] * field(spins, i, i);
    sums_[0] = energy;
    for (size_t b = 0; b < inner_; ++b) {
      const double up = field(spins, outer_ + b, outer_);
      const size_t half = size_t{1} << b;
      for (size_t bits = 0; bits < half; ++bits) {
        sums_[half + bits] = sums_[bits] + up;
        sums_[bits] -= up;
      }
    }
    for (size_t bits = 0; bits < sums_.size(); ++bits) sums_[bits] += pairs_[bits];
  }

  /// Side by side, since a chain of comparisons would take most of the time.
  double lowest_sum() const {
    constexpr size_t kLanes = 16;
    std::array<double, kLanes> lowest{};
    lowest.fill(std::numeric_limits<double>::infinity());
    const size_t whole = sums_.size() - sums_.size() % kLanes;
    for (size_t bits = 0; bits < whole; bits += kLanes) {
      for (size_t lane = 0; lane < kLanes; ++lane) {
        lowest[lane] = std::min(lowest[lane], sums_[bits + lane]);
      }
    }
    for (size_t bits = whole; bits < sums_.size(); ++bits) {
      lowest[0] = std::min(lowest[0], sums_[bits]);
    }
    return *std::min_element(lowest.begin(), lowest.end());
  }

  const Ising* ising_;
  size_t inner_;
  size_t outer_;
  std::vector<double> pairs_;  // by the bits of the inner spins: energy among themselves
  std::vector<double> sums_;   // the same beside the present outer ones
};

}  // namespace

Read prepare_exhaustive(const Ising& ising, const SolverOptions&) {
  return [&ising](RandomStream&) { return Enumeration(ising).ground_state(); };
}

}  // namespace nas
