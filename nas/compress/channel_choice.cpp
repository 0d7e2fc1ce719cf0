#include "nas/compress/channel_choice.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/pruned_network.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// The units of one group that are still there, the best first.
struct RankedGroup {
  std::vector<int64_t> units;
};

/// A unit that may go, in the order in which they go.
struct Candidate {
  double score = 0;  // in units of the group's mean
  size_t group = 0;
  int64_t unit = 0;
};

class Choosing {
 public:
  Choosing(const NetworkPlan& plan, const Shape& input, const ChannelCoupling& coupling,
           const KeptUnits& now, const PruneTarget& target)
      : plan_(plan), input_(input), coupling_(coupling), now_(now), target_(target) {}

  void rank(const std::vector<double>& scores) {
    for (const auto& group : coupling_.groups) {
      std::vector<int64_t> units;
      double sum = 0;
      for (const int64_t unit : group.units) {
        if (now_[at(unit)] == 0) continue;
        units.push_back(unit);
        sum += scores[at(unit)];
      }
      if (!std::isfinite(sum)) continue;
      const bool relative = target_.comparison == Comparison::to_group_mean && sum > 0;
      const double mean = relative ? sum / static_cast<double>(units.size()) : 1;
      std::sort(units.begin(), units.end(), [&](int64_t a, int64_t b) {
        return std::tuple(-scores[at(a)], a) < std::tuple(-scores[at(b)], b);
      });
      for (const int64_t unit : units) {
        candidates_.push_back({scores[at(unit)] / mean, groups_.size(), unit});
      }
      groups_.push_back({std::move(units)});
    }
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      return std::tuple(a.score, a.group, -a.unit) < std::tuple(b.score, b.group, -b.unit);
    });
  }

  /// Of the first `removed` candidates as many go as the rules for what is left allow.
  KeptUnits kept_without(size_t removed) const {
    std::vector<int64_t> left;
    for (const RankedGroup& group : groups_) left.push_back(std::ssize(group.units));
    for (size_t i = 0; i < removed; ++i) --left[candidates_[i].group];
    KeptUnits kept = now_;
    for (size_t g = 0; g < groups_.size(); ++g) {
      const auto& units = groups_[g].units;
      for (size_t i = at(rounded(left[g], std::ssize(units))); i < units.size(); ++i) {
        kept[at(units[i])] = 0;
      }
    }
    return kept;
  }

  bool met(const NetworkPlan& plan) const {
    const Cost counted = cost(plan, input_);
    return counted.multiply_adds <= target_.multiply_adds &&
           counted.parameters <= target_.parameters &&
           weight_bytes(plan, target_.bits) <= target_.weight_bytes;
  }
  NetworkPlan plan_without(size_t removed) const {
    return pruned_network(plan_, input_, coupling_, kept_without(removed)).plan;
  }
  size_t candidates() const { return candidates_.size(); }

 private:
  int64_t rounded(int64_t left, int64_t size) const {
    const int64_t wanted = std::max({left, target_.min_channels, int64_t{1}});
    const int64_t step = target_.multiple_of;
    return std::min(size, (wanted + step - 1) / step * step);
  }

  const NetworkPlan& plan_;
  const Shape& input_;
  const ChannelCoupling& coupling_;
  const KeptUnits& now_;
  const PruneTarget& target_;
  std::vector<RankedGroup> groups_;
  std::vector<Candidate> candidates_;
};

}  // namespace

KeptUnits choose_kept(const NetworkPlan& plan, const Shape& input, const ChannelCoupling& coupling,
                      const KeptUnits& now, const std::vector<double>& scores,
                      const PruneTarget& target) {
  Choosing choosing(plan, input, coupling, now, target);
  choosing.rank(scores);
  size_t enough = choosing.candidates();
  const NetworkPlan smallest = choosing.plan_without(enough);
  if (!choosing.met(smallest)) {
    const Cost least = cost(smallest, input);
    throw InputError(fmt::format(
        "the network cannot be pruned to {} multiply-adds, {} parameters and {} bytes of weights; "
        "{}, {} and {} are left where every layer keeps the least that it may",
        target.multiply_adds, target.parameters, target.weight_bytes, least.multiply_adds,
        least.parameters, weight_bytes(smallest, target.bits)));
  }
  // Costs fall with every unit that goes.
  for (size_t below = 0; below < enough;) {
    const size_t middle = (below + enough) / 2;
    if (choosing.met(choosing.plan_without(middle))) {
      enough = middle;
    } else {
      below = middle + 1;
    }
  }
  return choosing.kept_without(enough);
}

}  // namespace nas
