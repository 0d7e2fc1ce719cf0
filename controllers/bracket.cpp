#include "controllers/bracket.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nas/core/json.hpp"

namespace nas {

BracketShape bracket_shape(int64_t points, double eta, std::vector<Budget> budgets) {
  BracketShape shape{eta, {}, {}};
  for (auto left = static_cast<double>(points); shape.sizes.size() < budgets.size(); left /= eta) {
    shape.sizes.push_back(static_cast<int64_t>(std::floor(left + 1e-9)));
  }
  shape.budgets = std::move(budgets);
  return shape;
}

Bracket::Bracket(BracketShape shape)
    : shape_(std::move(shape)), told_(shape_.sizes.size()), asked_(shape_.sizes.size(), 0) {}

Proposal Bracket::start(Point point) {
  ++asked_.front();
  last_rung_ = 0;
  return {Job::evaluate, std::move(point), shape_.budgets.front()};
}

std::optional<Proposal> Bracket::promote() {
  for (size_t rung = rungs() - 1; rung > 0; --rung) {
    Rung& below = told_[rung - 1];
    const int64_t awaited = shape_.sizes[rung - 1] - static_cast<int64_t>(below.size());
    if (asked_[rung] >= shape_.sizes[rung] - awaited) continue;
    const auto rank = below.best_waiting();
    if (!rank) continue;
    ++asked_[rung];
    below.promote(*rank);
    last_rung_ = rung;
    const Rung::Entry& entry = below.at(*rank);
    return Proposal{Job::evaluate, entry.point, shape_.budgets[rung], entry.trial};
  }
  return std::nullopt;
}

void Bracket::close() {
  shape_ = bracket_shape(asked_.front(), shape_.eta, shape_.budgets);
  const int64_t least = std::min<int64_t>(asked_.front(), 1);
  for (auto& size : shape_.sizes) size = std::max(size, least);
  settle(0);
}

void Bracket::tell(size_t rung, Rung::Entry entry) {
  told_[rung].add(std::move(entry));
  settle(rung);
}

bool Bracket::complete(size_t rung) const {
  return static_cast<int64_t>(told_[rung].size()) == shape_.sizes[rung];
}

/// Once a rung is complete: no more go on than have a score.
void Bracket::settle(size_t rung) {
  if (!complete(rung)) return;
  if (rung + 1 < rungs()) {
    auto& next = shape_.sizes[rung + 1];
    next = std::min(next, static_cast<int64_t>(told_[rung].scored()));
    if (next > 0) return settle(rung + 1);  // which may be complete now that it is smaller
  }
  done_ = true;
}

bool Bracket::may_promote(int64_t trial) const {
  for (size_t rung = 0; rung + 1 < rungs(); ++rung) {
    const auto rank = told_[rung].rank_of(trial);
    if (!rank) continue;
    const auto& entry = told_[rung].at(*rank);
    return entry.utility && !entry.promoted && static_cast<int64_t>(*rank) < shape_.sizes[rung + 1];
  }
  return false;
}

Json Bracket::save() const {
  Json told = Json::array();
  for (const Rung& rung : told_) told.push_back(rung.save());
  return {{"told", told}, {"asked", asked_}, {"sizes", shape_.sizes}, {"done", done_}};
}

void Bracket::load(const Choices& choices, const Json& json) {
  for (size_t i = 0; i < told_.size(); ++i) told_[i].load(choices, json.at("told").at(i));
  asked_ = json.at("asked").get<std::vector<int64_t>>();
  shape_.sizes = json.at("sizes").get<std::vector<int64_t>>();
  done_ = json.at("done").get<bool>();
}

}  // namespace nas
