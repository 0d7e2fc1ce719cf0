#include "nas/qubo/parallel_tempering.hpp"

#include <utility>

#include "nas/qubo/temperatures.hpp"

namespace nas {
namespace {

void sweep(SpinState& state, double beta, RandomStream& random) {
  const auto size = static_cast<int64_t>(state.spins().size());
  for (int64_t i = 0; i < size; ++i) {
    if (accepted(beta * state.change(i), random)) state.flip(i);
  }
}

void exchange(std::vector<SpinState>& copies, const std::vector<double>& betas, size_t first,
              RandomStream& random) {
  for (size_t i = first; i + 1 < copies.size(); i += 2) {
    const double gain = (betas[i] - betas[i + 1]) * (copies[i].energy() - copies[i + 1].energy());
    if (accepted(-gain, random)) std::swap(copies[i], copies[i + 1]);
  }
}

}  // namespace

Read prepare_parallel_tempering(const Ising& ising, const SolverOptions& options) {
  const auto betas = geometric(temperatures_of(ising, options), options.temperatures);
  return [&ising, betas, sweeps = options.sweeps](RandomStream& random) {
    std::vector<SpinState> copies;
    for (size_t i = 0; i < betas.size(); ++i) {
      copies.emplace_back(ising, random_spins(ising, random));
    }
    SpinState best = copies.back();
    for (int64_t n = 0; n < sweeps; ++n) {
      for (size_t i = 0; i < copies.size(); ++i) {
        sweep(copies[i], betas[i], random);
        if (copies[i].energy() < best.energy()) best = copies[i];
      }
      exchange(copies, betas, static_cast<size_t>(n % 2), random);
    }
    return best.spins();
  };
}

}  // namespace nas
