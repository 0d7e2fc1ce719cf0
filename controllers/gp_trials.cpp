#include "controllers/gp_trials.hpp"

#include <algorithm>
#include <numeric>

#include "nas/core/json.hpp"
#include "nas/search/pareto.hpp"

namespace nas {
namespace {

/// Losses of all objectives, all finite.
std::optional<std::vector<double>> finite_losses(const Trial& trial, const Objectives& objectives) {
  std::vector<double> losses;
  for (const auto& objective : objectives) {
    const auto value = finite_utility(objective, trial);
    if (!value) return std::nullopt;
    losses.push_back(-*value);
  }
  return losses;
}

}  // namespace

std::vector<size_t> best_and_spread(std::vector<size_t> ranking, size_t most) {
  if (ranking.size() > most) {
    const size_t best = most / 2;
    const auto rest = ranking.begin() + static_cast<std::ptrdiff_t>(best);
    std::sort(rest, ranking.end());
    const size_t others = ranking.size() - best;
    for (size_t i = 0; i < most - best; ++i) {
      ranking[best + i] = rest[static_cast<std::ptrdiff_t>(i * others / (most - best))];
    }
    ranking.resize(most);
  }
  std::sort(ranking.begin(), ranking.end());
  return ranking;
}

GpTrials::GpTrials(const Choices& choices, const Objectives& objectives, const UnitCube& cube)
    : choices_(&choices), objectives_(&objectives), cube_(&cube), points_(choices) {}

void GpTrials::proposed(int64_t number, const Point& point) {
  points_.add(point);
  pending_.emplace(number, point);
}

void GpTrials::told(const Trial& trial) {
  pending_.erase(trial.number);
  if (!trial.point) return;
  points_.add(*trial.point);
  if (auto losses = finite_losses(trial, *objectives_)) {
    add_scored(*trial.point, std::move(*losses));
  } else if (trial.state == TrialState::failed || trial.state == TrialState::complete) {
    add_failed(*trial.point);  // also where the result is infinite or not a number
  }
}

void GpTrials::add_scored(Point point, std::vector<double> losses) {
  Features features = cube_->encode(point);
  scored_.push_back({std::move(point), std::move(features), std::move(losses)});
}

void GpTrials::add_failed(Point point) {
  Features features = cube_->encode(point);
  failed_.push_back({std::move(point), std::move(features)});
}

std::vector<Features> GpTrials::pending() const {
  std::vector<Features> waiting;
  for (const auto& [number, point] : pending_) waiting.push_back(cube_->encode(point));
  return waiting;
}

std::vector<size_t> GpTrials::ranking() const {
  std::vector<size_t> order(scored_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (objectives_->size() == 1) {
    std::stable_sort(order.begin(), order.end(),
                     [this](size_t a, size_t b) { return loss(a, 0) < loss(b, 0); });
    return order;
  }
  std::vector<Utilities> all;
  for (const auto& one : scored_) {
    all.push_back(one.losses);
    for (double& value : all.back()) value = -value;
  }
  order.clear();
  for (const auto& front : sorted_fronts(all))
    order.insert(order.end(), front.begin(), front.end());
  return order;
}

GpData GpTrials::successes(size_t most) const {
  GpData data;
  const auto put = [&](const auto& trials, double label) {
    for (size_t i = trials.size() - std::min(trials.size(), most); i < trials.size(); ++i) {
      data.points.push_back(trials[i].features);
      data.values.push_back(label);
    }
  };
  put(scored_, 1);
  put(failed_, -1);
  return data;
}

Json GpTrials::save() const {
  Json json{{"pending", Json::array()},
            {"scored", Json::array()},
            {"failed", Json::array()},
            {"points", points_.save()}};
  for (const auto& [number, point] : pending_) json["pending"].push_back({number, packed(point)});
  for (const auto& one : scored_) json["scored"].push_back({packed(one.point), one.losses});
  for (const auto& one : failed_) json["failed"].push_back(packed(one.point));
  return json;
}

void GpTrials::load(const Json& json) {
  points_.load(json.at("points"));
  pending_.clear();
  scored_.clear();
  failed_.clear();
  for (const Json& one : json.at("pending")) {
    pending_.emplace(one.at(0).get<int64_t>(), unpacked(*choices_, one.at(1)));
  }
  for (const Json& one : json.at("scored")) {
    add_scored(unpacked(*choices_, one.at(0)), one.at(1).get<std::vector<double>>());
  }
  for (const Json& one : json.at("failed")) add_failed(unpacked(*choices_, one));
}

}  // namespace nas
