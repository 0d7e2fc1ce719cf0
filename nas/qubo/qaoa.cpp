#include "nas/qubo/qaoa.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "nas/core/statistics.hpp"
#include "nas/qubo/nelder_mead.hpp"

namespace nas {
namespace {

/// Of the first ramps, in the units that energies are scaled to.
constexpr double kRamp = 0.75;
constexpr double kFirstStep = 0.15;

/// Of every assignment, less their mean and divided by their deviation.
std::vector<double> scaled_energies(const Ising& ising) {
  const auto size = static_cast<size_t>(ising.size());
  std::vector<double> energies(size_t{1} << size);
  for (size_t i = 0; i < size; ++i) {
    const size_t half = size_t{1} << i;
    for (size_t bits = 0; bits < half; ++bits) {
      double field = ising.field(static_cast<int64_t>(i));
      for (const auto& [other, value] : ising.couplings(static_cast<int64_t>(i))) {
        if (other >= static_cast<int64_t>(i)) break;  // in the order of the variables
        field += (bits >> other & 1) != 0 ? value : -value;
      }
      energies[half + bits] = energies[bits] + field;
      energies[bits] -= field;
    }
  }
  const double middle = mean(energies);
  const double deviation = standard_deviation(energies);
  for (double& energy : energies) energy = deviation > 0 ? (energy - middle) / deviation : 0;
  return energies;
}

/// Amplitudes of all assignments, real and imaginary parts apart so that loops run in vectors.
class State {
 public:
  explicit State(const std::vector<double>& energies)
      : energies_(energies),
        real_(energies.size(), 1 / std::sqrt(static_cast<double>(energies.size()))),
        imaginary_(energies.size(), 0.0) {}

  void turn_phases(double gamma) {
    for (size_t k = 0; k < real_.size(); ++k) {
      const double cosine = std::cos(gamma * energies_[k]);
      const double sine = -std::sin(gamma * energies_[k]);
      const double real = real_[k];
      real_[k] = real * cosine - imaginary_[k] * sine;
      imaginary_[k] = real * sine + imaginary_[k] * cosine;
    }
  }

  /// (a, b) -> (cos a + i sin b, i sin a + cos b) for each pair that differs in one qubit.
  void mix(double beta) {
    const double cosine = std::cos(beta);
    const double sine = std::sin(beta);
    for (size_t half = 1; half < real_.size(); half *= 2) {
      for (size_t first = 0; first < real_.size(); first += 2 * half) {
        for (size_t a = first; a < first + half; ++a) {
          const size_t b = a + half;
          const double real_a = real_[a];
          const double imaginary_a = imaginary_[a];
          real_[a] = cosine * real_a - sine * imaginary_[b];
          imaginary_[a] = cosine * imaginary_a + sine * real_[b];
          real_[b] = cosine * real_[b] - sine * imaginary_a;
          imaginary_[b] = cosine * imaginary_[b] + sine * real_a;
        }
      }
    }
  }

  std::vector<double> probabilities() const {
    std::vector<double> all(real_.size());
    for (size_t k = 0; k < all.size(); ++k) {
      all[k] = real_[k] * real_[k] + imaginary_[k] * imaginary_[k];
    }
    return all;
  }

  double expected_energy() const {
    double sum = 0;
    for (size_t k = 0; k < real_.size(); ++k) {
      sum += energies_[k] * (real_[k] * real_[k] + imaginary_[k] * imaginary_[k]);
    }
    return sum;
  }

 private:
  const std::vector<double>& energies_;
  std::vector<double> real_;
  std::vector<double> imaginary_;
};

State final_state(const std::vector<double>& energies, const std::vector<double>& angles) {
  State state(energies);
  const size_t layers = angles.size() / 2;
  for (size_t l = 0; l < layers; ++l) {
    state.turn_phases(angles[l]);
    state.mix(angles[layers + l]);
  }
  return state;
}

std::vector<double> ramp(int64_t layers) {
  std::vector<double> angles;
  for (const bool rising : {true, false}) {
    for (int64_t l = 0; l < layers; ++l) {
      const double part = (static_cast<double>(l) + 0.5) / static_cast<double>(layers);
      angles.push_back(kRamp * (rising ? part : 1 - part));
    }
  }
  return angles;
}

VariableValues measured(const std::vector<double>& cumulated, int64_t size, RandomStream& random) {
  const double drawn = random.uniform() * cumulated.back();
  const auto place = std::upper_bound(cumulated.begin(), cumulated.end(), drawn);
  const auto bits = std::min(place - cumulated.begin(), std::ssize(cumulated) - 1);
  VariableValues spins;
  for (int64_t i = 0; i < size; ++i) {
    spins.push_back(static_cast<int8_t>((bits >> i & 1) != 0 ? 1 : -1));
  }
  return spins;
}

}  // namespace

std::vector<double> qaoa_probabilities(const Ising& ising, const std::vector<double>& angles) {
  return final_state(scaled_energies(ising), angles).probabilities();
}

Read prepare_qaoa(const Ising& ising, const SolverOptions& options) {
  const std::vector<double> energies = scaled_energies(ising);
  const auto expected = [&](const std::vector<double>& angles) {
    return final_state(energies, angles).expected_energy();
  };
  const auto angles =
      minimise_by_simplex(expected, ramp(options.layers), {kFirstStep, options.evaluations});
  std::vector<double> cumulated = final_state(energies, angles).probabilities();
  for (size_t k = 1; k < cumulated.size(); ++k) cumulated[k] += cumulated[k - 1];
  const auto shared = std::make_shared<const std::vector<double>>(std::move(cumulated));
  return [shared, size = ising.size()](RandomStream& random) {
    return measured(*shared, size, random);
  };
}

}  // namespace nas
