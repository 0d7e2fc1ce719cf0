#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "nas/core/random.hpp"
#include "nas/qubo/ising.hpp"

namespace nas {

struct SolverOptions {
  /// Visits of each variable (in each slice, or at each temperature) in a read.
  int64_t sweeps = 1000;
  /// Inverse temperatures at the two ends; 0: as temperatures_of() says.
  double hot = 0;
  double cold = 0;
  /// Temperatures of parallel tempering.
  int64_t temperatures = 8;
  /// Slices of the path integral.
  int64_t slices = 8;
  /// Layers of QAOA.
  int64_t layers = 3;
  /// States that QAOA's search for angles may look at.
  int64_t evaluations = 200;
};

/// One read: a start of its own, drawn from the stream, and the best spins that came of it.
using Read = std::function<VariableValues(RandomStream& random)>;

/// What all reads share is done once. `ising` outlives the result.
using Solver = Read (*)(const Ising& ising, const SolverOptions& options);

struct SolverRow {
  std::string_view name;
  std::string_view meaning;
  Solver prepare;
  int64_t most_variables = 0;  // 0: any number
  /// Whether a second read would find the same.
  bool certain = false;
};

/// Every solver by name.
std::span<const SolverRow> solvers();

/// Each spin up or down with the same probability.
VariableValues random_spins(const Ising& ising, RandomStream& random);

}  // namespace nas
