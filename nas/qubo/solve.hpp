#pragma once

#include <vector>

#include "nas/qubo/solver.hpp"

namespace nas {

struct SolveOptions {
  int64_t reads = 10;
  /// No further read begins after this time; 0: no limit. What comes of it depends on the machine.
  double seconds = 0;
  uint64_t seed = 0;
  SolverOptions solver;
};

struct Sample {
  VariableValues values;  // of the model's kind
  double energy = 0;
  bool feasible = false;
};

struct Solution {
  std::vector<Sample> samples;  // one a read; at least one
  double preparation = 0;       // seconds before the first read
  double seconds = 0;           // of all reads

  /// The one with the lowest energy; the first among equals.
  const Sample& best() const;
};

/// Runs a solver. Read r depends on the seed and r alone. Throws UsageError where the model has no
/// variables or too many for the solver.
Solution solve(const QuadraticModel& model, const SolverRow& solver, const SolveOptions& options);

/// Seconds until a share of 0.99 of such tries has met, at least once, what a share `success` of
/// reads of `seconds` each meet (Ronnow et al. 2014): one read where all do; nothing where none
/// does.
std::optional<double> time_to_solution(double success, double seconds);

}  // namespace nas
