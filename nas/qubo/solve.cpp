#include "nas/qubo/solve.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr double kConfidence = 0.99;

void check_size(const QuadraticModel& model, const SolverRow& solver) {
  if (model.size() == 0) throw UsageError("the model has no variables");
  if (solver.most_variables > 0 && model.size() > solver.most_variables) {
    throw UsageError(fmt::format("solver {}: found {} variables, expected at most {}", solver.name,
                                 model.size(), solver.most_variables));
  }
}

}  // namespace

const Sample& Solution::best() const {
  return *std::min_element(samples.begin(), samples.end(),
                           [](const Sample& a, const Sample& b) { return a.energy < b.energy; });
}

Solution solve(const QuadraticModel& model, const SolverRow& solver, const SolveOptions& options) {
  check_size(model, solver);
  const double begun = steady_seconds();
  const Ising ising(model);
  const Read read = solver.prepare(ising, options.solver);
  Solution solution;
  const double prepared = steady_seconds();
  solution.preparation = prepared - begun;
  const int64_t reads = solver.certain ? 1 : options.reads;
  for (int64_t r = 0; r < reads; ++r) {
    RandomStream random(options.seed, "qubo.read", static_cast<uint64_t>(r));
    Sample sample;
    sample.values = converted(read(random), model.vartype);
    sample.energy = model.energy(sample.values);
    sample.feasible = is_feasible(model.meaning, sample.values);
    solution.samples.push_back(std::move(sample));
    solution.seconds = steady_seconds() - prepared;
    if (options.seconds > 0 && steady_seconds() - begun >= options.seconds) break;
  }
  return solution;
}

std::optional<double> time_to_solution(double success, double seconds) {
  if (success <= 0) return std::nullopt;
  if (success >= 1) return seconds;
  return seconds * std::max(1.0, std::log(1 - kConfidence) / std::log(1 - success));
}

}  // namespace nas
