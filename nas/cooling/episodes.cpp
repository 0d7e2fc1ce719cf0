#include "nas/cooling/episodes.hpp"

#include <algorithm>

#include "nas/core/random.hpp"

namespace nas {
namespace {

constexpr int64_t kStartSteps = kStepsPerHour / 2;
constexpr double kLargestBreach = 2;  // K; what is far outside need not weigh more

double breach_of(const Simulator& simulator, size_t i, double margin) {
  const double hot = simulator.reading(Reading::hottest_inlet)[i] - (kHottestInlet - margin);
  const double cold = kColdestInlet + margin - simulator.reading(Reading::coldest_inlet)[i];
  const double minutes = simulator.reading(Reading::minutes_outside)[i];
  return std::clamp(std::max(hot, cold), 0.0, kLargestBreach) + minutes * 60 / kStepSeconds;
}

double cost_of(const Simulator& simulator, size_t i) {
  double cooling = 0;
  for (size_t k = 0; k < kConsumers; ++k) {
    const auto consumer = static_cast<Consumer>(k);
    if (consumer != Consumer::servers) cooling += simulator.energy(consumer)[i];
  }
  return cooling / simulator.energy(Consumer::servers)[i];
}

}  // namespace

Episodes::Episodes(const Hall& hall, const Traces& traces, std::vector<TimeWindow> windows,
                   const EpisodeSetting& setting)
    : traces_(traces),
      weeks_(std::move(windows)),
      setting_(setting),
      simulator_(hall, setting.environments),
      costs_(static_cast<size_t>(setting.environments)),
      breaches_(static_cast<size_t>(setting.environments)) {}

void Episodes::begin(uint64_t round) {
  RandomStream random(setting_.seed, "cooling.episodes", round);
  windows_.clear();
  for (int64_t i = 0; i < setting_.environments; ++i) {
    TimeWindow window = weeks_[static_cast<size_t>(random.below(std::ssize(weeks_)))];
    window.first += random.below(std::max<int64_t>(1, window.steps - setting_.steps - kStartSteps));
    windows_.push_back(window);
  }
  simulator_.reset();
  levers_ = conventional_levers(setting_.environments);
  for (step_ = 0; step_ < kStartSteps; ++step_) {
    forcing_at(traces_, windows_, step_, forcing_);
    simulator_.step(forcing_, levers_);
  }
  forcing_at(traces_, windows_, step_, forcing_);
}

void Episodes::observe(std::span<float> values) const { nas::observe(moment(), levers_, values); }

void Episodes::step(std::span<const float> actions) {
  set_levers(moment(), actions, levers_);
  simulator_.step(forcing_, levers_);
  for (size_t i = 0; i < costs_.size(); ++i) {
    costs_[i] = static_cast<float>(cost_of(simulator_, i));
    breaches_[i] = static_cast<float>(breach_of(simulator_, i, setting_.margin));
  }
  ++step_;
  forcing_at(traces_, windows_, step_, forcing_);
}

}  // namespace nas
