#pragma once

#include <vector>

#include "nas/core/random.hpp"
#include "nas/qubo/solver.hpp"

namespace nas {

/// Inverse temperatures between which a model melts and freezes.
struct Temperatures {
  double hot = 0;
  double cold = 0;
};

/// Those that the options give, and for the others: hot, where the spin with the largest sum of
/// absolute biases flips against them once in two tries; cold, where one flip in 100 still goes
/// against the median of the absolute biases (the rules of D-Wave's simulated annealer, but that it
/// takes the smallest bias, which says nothing where biases are fitted numbers).
Temperatures temperatures_of(const Ising& ising, const SolverOptions& options);

/// `count` values from hot to cold, each the same multiple of the one before; cold alone for one.
std::vector<double> geometric(const Temperatures& ends, int64_t count);

/// Whether a flip that changes the energy, times the inverse temperature, by so much is made
/// (Metropolis et al. 1953).
bool accepted(double change, RandomStream& random);

}  // namespace nas
