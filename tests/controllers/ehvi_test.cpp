#include "controllers/ehvi.hpp"

#include <cmath>

#include "nas/core/random.hpp"
#include "nas/search/hypervolume.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const std::vector<LossPair> kLosses{{1, 4}, {2, 2}, {2.5, 3}, {4, 1}, {0.5, 9}};
const LossPair kReference{5, 6};

double volume(const std::vector<LossPair>& losses) {
  std::vector<Utilities> utilities;
  for (const auto& one : losses) utilities.push_back({-one[0], -one[1]});
  return hypervolume(utilities, {-kReference[0], -kReference[1]});
}

TEST_CASE("The expected gain of volume is what chance gains on average") {
  const FrontGap gap(kLosses, kReference);
  const std::vector<std::pair<LossPair, LossPair>> beliefs{
      {{1.5, 2.5}, {0.7, 0.5}}, {{3, 3}, {1, 2}}, {{0, 0}, {0.1, 0.1}}, {{4.5, 0.5}, {0.5, 1}}};
  for (const auto& [means, deviations] : beliefs) {
    RandomStream random(1, "test.ehvi");
    double sum = 0;
    double squares = 0;
    constexpr int kDraws = 20000;
    for (int i = 0; i < kDraws; ++i) {
      auto losses = kLosses;
      losses.push_back(
          {means[0] + deviations[0] * random.normal(), means[1] + deviations[1] * random.normal()});
      const double gain = volume(losses) - volume(kLosses);
      sum += gain;
      squares += gain * gain;
    }
    const double mean = sum / kDraws;
    const double error = std::sqrt((squares / kDraws - mean * mean) / kDraws);
    INFO(means[0] << " " << means[1]);
    CHECK(std::fabs(std::exp(gap.log_expected_gain(means, deviations).value) - mean) < 4 * error);
  }
}

TEST_CASE("Slopes of the expected gain agree with finite differences, near and far") {
  const FrontGap gap(kLosses, kReference);
  for (const LossPair& means : {LossPair{1.5, 2.5}, LossPair{0, 0}, LossPair{40, 3}}) {
    const LossPair deviations{0.6, 0.9};
    const auto at = gap.log_expected_gain(means, deviations);
    CHECK(std::isfinite(at.value));
    for (size_t i = 0; i < 2; ++i) {
      const auto moved = [&](double by_mean, double by_deviation) {
        auto m = means;
        auto d = deviations;
        m[i] += by_mean;
        d[i] += by_deviation;
        return gap.log_expected_gain(m, d).value;
      };
      const double step = 1e-6;
      INFO(means[0] << " " << means[1] << " objective " << i);
      CHECK(at.by_mean[i] ==
            Approx((moved(step, 0) - moved(-step, 0)) / (2 * step)).epsilon(1e-5).margin(1e-7));
      CHECK(at.by_deviation[i] ==
            Approx((moved(0, step) - moved(0, -step)) / (2 * step)).epsilon(1e-5).margin(1e-7));
    }
  }
}

TEST_CASE("Without any losses inside, the gain is the rectangle below the reference") {
  const FrontGap gap(std::vector<LossPair>{{9, 9}}, kReference);
  const auto gain = gap.log_expected_gain({2, 3}, {1e-6, 1e-6});
  CHECK(std::exp(gain.value) == Approx(9));
}

}  // namespace
}  // namespace nas
