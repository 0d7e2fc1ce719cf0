#include <cmath>

#include "nas/core/error.hpp"
#include "nas/qubo/exhaustive.hpp"
#include "nas/qubo/nelder_mead.hpp"
#include "nas/qubo/qaoa.hpp"
#include "nas/qubo/solve.hpp"
#include "nas/qubo/temperatures.hpp"
#include "tests/qubo/models.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::lowest_energy;
using testing::random_model;
using testing::values_of;

/// As many reads and sweeps as find the optimum of twelve variables nearly always.
SolveOptions patient(uint64_t seed) {
  SolveOptions options;
  options.reads = 20;
  options.seed = seed;
  options.solver.sweeps = 100;
  return options;
}

TEST_CASE("Every solver finds the ground state that enumeration by the definition finds") {
  for (const SolverRow& solver : solvers()) {
    for (const Vartype vartype : {Vartype::binary, Vartype::spin}) {
      for (uint64_t seed = 0; seed < 5; ++seed) {
        const QuadraticModel model = random_model(12, seed, vartype);
        SolveOptions options = patient(seed);
        // Each read of QAOA is one measurement of a superposition.
        if (solver.name == "qaoa") options.reads = 2000;
        const Solution solution = solve(model, solver, options);
        INFO(solver.name << " seed " << seed);
        CHECK(solution.best().energy == Approx(lowest_energy(model)).margin(1e-9));
        CHECK(model.energy(solution.best().values) == solution.best().energy);
      }
    }
  }
}

TEST_CASE("Enumeration is right for every number of variables around its table's") {
  for (int64_t variables = 1; variables <= 14; ++variables) {
    const QuadraticModel model = random_model(variables, 17, Vartype::binary);
    INFO(variables);
    CHECK(solve(model, solvers().back(), {}).best().energy ==
          Approx(lowest_energy(model)).margin(1e-9));
  }
}

TEST_CASE("A read depends on its seed and number alone") {
  const QuadraticModel model = random_model(10, 8, Vartype::binary);
  for (const SolverRow& solver : solvers()) {
    SolveOptions options = patient(3);
    options.solver.sweeps = 2;
    const Solution all = solve(model, solver, options);
    options.reads = 5;
    const Solution some = solve(model, solver, options);
    for (size_t r = 0; r < some.samples.size(); ++r) {
      CHECK(some.samples[r].values == all.samples[r].values);
    }
    options.seed = 4;
    const Solution other = solve(model, solver, options);
    const bool same =
        std::equal(some.samples.begin(), some.samples.end(), other.samples.begin(),
                   [](const Sample& a, const Sample& b) { return a.values == b.values; });
    CHECK(same == solver.certain);
  }
}

TEST_CASE("A model without any bias is solved by all, one without variables refused") {
  QuadraticModel flat;
  for (int i = 0; i < 3; ++i) flat.add_variable(std::to_string(i));
  for (const SolverRow& solver : solvers()) {
    CHECK(solve(flat, solver, patient(1)).best().energy == 0);
    CHECK_THROWS_AS(solve({}, solver, patient(1)), UsageError);
  }
  CHECK_THROWS_AS(solve(random_model(21, 1, Vartype::spin), solvers()[3], {}), UsageError);
}

TEST_CASE("One slice and one temperature are enough to run") {
  const QuadraticModel model = random_model(8, 2, Vartype::spin);
  SolveOptions options = patient(1);
  options.solver.slices = 1;
  options.solver.temperatures = 1;
  for (const char* name : {"pt", "sqa"}) {
    for (const SolverRow& solver : solvers()) {
      if (solver.name != name) continue;
      CHECK(solve(model, solver, options).best().energy <= lowest_energy(model) + 2);
    }
  }
}

TEST_CASE("A time limit ends the reads, not the first") {
  SolveOptions options = patient(1);
  options.reads = 1'000'000;
  options.seconds = 1e-9;
  CHECK(solve(random_model(8, 2, Vartype::spin), solvers()[0], options).samples.size() == 1);
}

TEST_CASE("Temperatures are those computed by hand") {
  QuadraticModel model;
  model.vartype = Vartype::spin;
  model.add_variable("a", 1);
  model.add_variable("b", 2);
  model.add(0, 1, -3);
  const Temperatures found = temperatures_of(Ising(model), {});
  CHECK(found.hot == Approx(std::log(2.0) / (2 * 5)));     // b: 2 + 3
  CHECK(found.cold == Approx(std::log(100.0) / (2 * 2)));  // median of 1, 2, 3
  const auto steps = geometric({1, 16}, 3);
  CHECK(steps[1] == Approx(4));
  CHECK(geometric({1, 16}, 1) == std::vector<double>{16});
}

TEST_CASE("Metropolis sampling at one temperature visits states as Boltzmann says") {
  QuadraticModel model;
  model.vartype = Vartype::spin;
  model.add_variable("a", 0.5);
  RandomStream random(5, "test");
  const Ising ising(model);
  SpinState state(ising, {1});
  int up = 0;
  for (int n = 0; n < 20000; ++n) {
    if (accepted(state.change(0), random)) state.flip(0);
    up += state.spins()[0] == 1 ? 1 : 0;
  }
  // exp(-0.5) / (exp(-0.5) + exp(0.5))
  CHECK(up / 20000.0 == Approx(0.26894).margin(0.015));
}

TEST_CASE("QAOA of one qubit has the probability computed by hand") {
  QuadraticModel model;
  model.vartype = Vartype::spin;
  model.add_variable("a", 3);
  // Energies are -1/sqrt(2) and 1/sqrt(2) after scaling (deviation of two values, n - 1), so with
  // phase p = gamma / sqrt(2) the probability of spin up is (1 - sin(2 beta) sin(2 p)) / 2.
  const double gamma = 0.7;
  const double beta = 0.3;
  const auto found = qaoa_probabilities(Ising(model), {gamma, beta});
  const double expected = (1 - std::sin(2 * beta) * std::sin(2 * gamma / std::sqrt(2.0))) / 2;
  CHECK(found[1] == Approx(expected));
  CHECK(found[0] + found[1] == Approx(1));
}

TEST_CASE("QAOA's measurements are better than chance, the more layers the better") {
  const QuadraticModel model = random_model(10, 6, Vartype::spin);
  double before = model.offset;  // mean energy of random spins
  for (const int64_t layers : {1, 3}) {
    SolveOptions options = patient(1);
    options.reads = 2000;
    options.solver.layers = layers;
    double sum = 0;
    for (const Sample& sample : solve(model, solvers()[3], options).samples) sum += sample.energy;
    CHECK(sum / 2000 < before - 0.5);
    before = sum / 2000;
  }
}

TEST_CASE("The simplex finds the minimum of a valley within its evaluations") {
  int64_t asked = 0;
  const auto valley = [&](const std::vector<double>& p) {
    ++asked;
    return std::pow(1 - p[0], 2) + 5 * std::pow(p[1] - p[0] * p[0], 2);
  };
  const auto found = minimise_by_simplex(valley, {-0.5, 1}, {0.2, 300});
  CHECK(found[0] == Approx(1).margin(1e-3));
  CHECK(found[1] == Approx(1).margin(1e-3));
  CHECK(asked <= 310);
}

TEST_CASE("The time to a solution follows from the share of reads that have it") {
  CHECK_FALSE(time_to_solution(0, 1));
  CHECK(*time_to_solution(1, 0.5) == 0.5);
  CHECK(*time_to_solution(0.999, 0.5) == 0.5);
  CHECK(*time_to_solution(0.5, 1) == Approx(6.6439).margin(1e-4));
}

}  // namespace
}  // namespace nas
