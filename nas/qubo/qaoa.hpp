#pragma once

#include "nas/qubo/solver.hpp"

namespace nas {

/// Two vectors of 2^20 numbers are 16 MB; each further one doubles memory and time.
inline constexpr int64_t kMostQaoaVariables = 20;

/// Quantum approximate optimization (Farhi, Goldstone & Gutmann 2014) on a simulated, noiseless
/// computer: from the even superposition of all assignments, each of p layers turns the phase of
/// every assignment by -gamma_l times its energy (in deviations from the mean of all energies) and
/// then every qubit by exp(i beta_l sigma^x). The 2 p angles start as a ramp, gamma rising and beta
/// falling as in an annealing (Sack & Serbyn 2021), and are optimized for the exact expected energy
/// by a downhill simplex. A read measures the final state once: it draws an assignment by its
/// probability.
Read prepare_qaoa(const Ising& ising, const SolverOptions& options);

/// The final state's probability of each assignment for angles gamma_1 .. gamma_p, beta_1 ..
/// beta_p; bit i of an index is 1 where spin i is up.
std::vector<double> qaoa_probabilities(const Ising& ising, const std::vector<double>& angles);

}  // namespace nas
