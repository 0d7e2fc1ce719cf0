#include "nas/qubo/path_integral.hpp"

#include <algorithm>
#include <cmath>

#include "nas/qubo/temperatures.hpp"

namespace nas {
namespace {

/// ln tanh(x) of smaller x makes no difference: slices hold together anyway.
constexpr double kLeastField = 1e-12;

/// What a sweep weighs: energies of one slice, and of a pair of neighbouring slices.
struct Weights {
  double slice = 0;  // beta s / P
  double pair = 0;   // K
};

class Slices {
 public:
  Slices(const Ising& ising, int64_t count, RandomStream& random) : size_(ising.size()) {
    for (int64_t k = 0; k < count; ++k) slices_.emplace_back(ising, random_spins(ising, random));
  }

  void sweep(const Weights& weights, RandomStream& random) {
    for (size_t k = 0; k < slices_.size(); ++k) {
      for (int64_t i = 0; i < size_; ++i) flip_one(k, i, weights, random);
    }
    for (int64_t i = 0; i < size_; ++i) flip_all(i, weights, random);
  }

  const SpinState& best() const {
    return *std::min_element(
        slices_.begin(), slices_.end(),
        [](const SpinState& a, const SpinState& b) { return a.energy() < b.energy(); });
  }

 private:
  int spin(size_t k, int64_t i) const { return slices_[k].spins()[static_cast<size_t>(i)]; }

  void flip_one(size_t k, int64_t i, const Weights& weights, RandomStream& random) {
    // A single slice has only itself beside it, which flips as well.
    const int beside = slices_.size() == 1 ? 0
                                           : spin((k + 1) % slices_.size(), i) +
                                                 spin((k + slices_.size() - 1) % slices_.size(), i);
    const double change =
        weights.slice * slices_[k].change(i) + 2 * weights.pair * spin(k, i) * beside;
    if (accepted(change, random)) slices_[k].flip(i);
  }

  void flip_all(int64_t i, const Weights& weights, RandomStream& random) {
    double change = 0;
    for (const SpinState& slice : slices_) change += slice.change(i);
    if (!accepted(weights.slice * change, random)) return;
    for (SpinState& slice : slices_) slice.flip(i);
  }

  int64_t size_;
  std::vector<SpinState> slices_;
};

}  // namespace

Read prepare_path_integral(const Ising& ising, const SolverOptions& options) {
  const Temperatures ends = temperatures_of(ising, options);
  std::vector<Weights> schedule;
  const auto slices = static_cast<double>(options.slices);
  for (int64_t n = 1; n <= options.sweeps; ++n) {
    const double s = static_cast<double>(n) / static_cast<double>(options.sweeps);
    const double field = ends.cold / ends.hot * (1 - s) / slices;
    schedule.push_back(
        {ends.cold * s / slices, -std::log(std::tanh(std::max(field, kLeastField))) / 2});
  }
  return [&ising, schedule, count = options.slices](RandomStream& random) {
    Slices state(ising, count, random);
    SpinState best = state.best();
    for (const Weights& weights : schedule) {
      state.sweep(weights, random);
      if (state.best().energy() < best.energy()) best = state.best();
    }
    return best.spins();
  };
}

}  // namespace nas
