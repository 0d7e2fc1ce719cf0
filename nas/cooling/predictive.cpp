#include "nas/cooling/predictive.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/random.hpp"

namespace nas {
namespace {

/// Joules that a minute outside ASHRAE's range counts like: more than an hour of the whole hall.
constexpr double kCostOfMinute = 1e10;
/// Heat that is left in the hall has to be brought away later, at about this cost a joule.
constexpr double kCostOfStored = .1;

double step_cost(const Simulator& model, int64_t environment) {
  const auto at = static_cast<size_t>(environment);
  double cost = kCostOfMinute * model.reading(Reading::minutes_outside)[at];
  for (size_t k = 0; k < kConsumers; ++k) {
    const auto consumer = static_cast<Consumer>(k);
    if (consumer != Consumer::servers) cost += model.energy(consumer)[at];
  }
  return cost;
}

}  // namespace

PredictiveControl::PredictiveControl(const Hall& hall, const Traces& traces,
                                     std::span<const TimeWindow> windows,
                                     const PredictiveOptions& options)
    : traces_(traces),
      options_(options),
      model_(hall, static_cast<int64_t>(windows.size()) * options.candidates) {
  for (const auto& window : windows) {
    windows_.insert(windows_.end(), static_cast<size_t>(options.candidates), window);
  }
  for (auto& lever : tried_) lever.resize(windows_.size());
}

/// The first candidate of each hall is the centre itself.
void PredictiveControl::propose(const Moment& moment, const Levers& centre, int64_t round) {
  const auto index = static_cast<uint64_t>(moment.step * options_.rounds + round);
  RandomStream random(options_.seed, "cooling.predictive", index);
  const double spread = options_.spread * std::pow(.5, static_cast<double>(round));
  for (size_t k = 0; k < kLevers; ++k) {
    const auto [low, high] = kLeverRanges[k];
    for (size_t i = 0; i < windows_.size(); ++i) {
      const size_t hall = i / static_cast<size_t>(options_.candidates);
      const bool first = i % static_cast<size_t>(options_.candidates) == 0;
      const double moved = first ? 0 : spread * (high - low) * random.normal();
      tried_[k][i] = std::clamp(centre[k][hall] + moved, low, high);
    }
  }
}

void PredictiveControl::look_ahead(const Moment& moment) {
  for (int64_t i = 0; i < model_.environments(); ++i) {
    model_.copy(i, moment.simulator, i / options_.candidates);
  }
  costs_.assign(windows_.size(), 0);
  for (int64_t ahead = 0; ahead < options_.horizon; ++ahead) {
    forcing_at(traces_, windows_, moment.step + ahead, forcing_);
    model_.step(forcing_, tried_);
    for (size_t i = 0; i < costs_.size(); ++i) {
      costs_[i] += step_cost(model_, static_cast<int64_t>(i));
    }
  }
  for (size_t i = 0; i < costs_.size(); ++i) {
    costs_[i] += kCostOfStored * model_.stored(static_cast<int64_t>(i));
  }
}

void PredictiveControl::choose(Levers& centre) const {
  for (size_t hall = 0; hall < centre[0].size(); ++hall) {
    const auto begin = costs_.begin() + static_cast<int64_t>(hall) * options_.candidates;
    const auto best = std::min_element(begin, begin + options_.candidates);
    const auto at = static_cast<size_t>(best - costs_.begin());
    for (size_t k = 0; k < kLevers; ++k) centre[k][hall] = tried_[k][at];
  }
}

void PredictiveControl::act(const Moment& moment, Levers& levers) {
  for (int64_t round = 0; round < options_.rounds; ++round) {
    propose(moment, levers, round);
    look_ahead(moment);
    choose(levers);
  }
}

}  // namespace nas
