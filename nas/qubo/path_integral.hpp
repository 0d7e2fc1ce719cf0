#pragma once

#include "nas/qubo/solver.hpp"

namespace nas {

/// Simulated quantum annealing by path-integral Monte Carlo (Martonak, Santoro & Tosatti 2002): the
/// transverse-field Ising model s H - (1 - s) gamma sum_i sigma^x_i at inverse temperature beta is
/// mapped to P coupled copies ("slices", a ring) of the classical model with the action
///   A = (beta s / P) sum_k H(spins_k) - K sum_{i,k} s_{i,k} s_{i,k+1},
///   K = -1/2 ln tanh(beta gamma (1 - s) / P),
/// and s rises from 0 to 1, linearly over the sweeps. A sweep flips, by Metropolis' rule, every
/// spin of every slice, and then every spin in all slices at once. beta is the cold inverse
/// temperature of temperatures_of(); gamma is 1 / hot, so that at first the field outweighs all
/// biases. A read gives the best slice at the end of any sweep. It runs on an ordinary processor
/// and is no faster for being called quantum.
Read prepare_path_integral(const Ising& ising, const SolverOptions& options);

}  // namespace nas
