#include "controllers/option_shares.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/json.hpp"

namespace nas {

OptionShares::OptionShares(const std::vector<int64_t>& counts, int64_t population) {
  double sum = 0;
  double squares = 0;
  const double middle = std::log((static_cast<double>(population) + 1) / 2);
  for (int64_t i = 1; i <= population / 2; ++i) {
    weights_.push_back(middle - std::log(static_cast<double>(i)));
    sum += weights_.back();
  }
  for (double& weight : weights_) {
    weight /= sum;
    squares += weight * weight;
  }
  const auto choices = static_cast<double>(std::max<size_t>(counts.size(), 1));
  // The more independent draws an update rests on, and the fewer choices share their credit.
  rate_ = 1 / (1 + 2 * choices * squares);
  margin_ = 1 / (choices * static_cast<double>(population));
  for (const int64_t count : counts) {
    shares_.emplace_back(static_cast<size_t>(count), 1 / static_cast<double>(count));
  }
}

std::vector<int64_t> OptionShares::draw(RandomStream& random) const {
  std::vector<int64_t> options;
  for (const auto& shares : shares_) {
    double left = random.uniform();
    size_t option = 0;
    while (option + 1 < shares.size() && left >= shares[option]) left -= shares[option++];
    options.push_back(static_cast<int64_t>(option));
  }
  return options;
}

void OptionShares::update(std::span<const std::vector<int64_t>> ranked) {
  for (size_t choice = 0; choice < shares_.size(); ++choice) {
    auto& shares = shares_[choice];
    for (double& share : shares) share *= 1 - rate_;
    for (size_t i = 0; i < weights_.size(); ++i) {
      shares[static_cast<size_t>(ranked[i][choice])] += rate_ * weights_[i];
    }
    double sum = 0;
    for (double& share : shares) {
      share = std::max(share, margin_ / static_cast<double>(shares.size()));
      sum += share;
    }
    for (double& share : shares) share /= sum;
  }
}

Json OptionShares::save() const { return shares_; }

void OptionShares::load(const Json& json) { json.get_to(shares_); }

}  // namespace nas
