#include "nas/compress/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// How many units are gone, and by how much the loss has grown.
struct Growth {
  double gone = 0;
  double loss = 0;
};

/// Of `curve`, which begins with nothing gone and never falls, after `gone` units.
double growth_at(const std::vector<Growth>& curve, double gone) {
  size_t next = 1;
  while (next + 1 < curve.size() && curve[next].gone < gone) ++next;
  const Growth& low = curve[next - 1];
  const Growth& high = curve[next];
  return low.loss + (gone - low.gone) * (high.loss - low.loss) / (high.gone - low.gone);
}

}  // namespace

std::vector<double> sensitivity_scores(
    const ChannelCoupling& coupling, const KeptUnits& now, const std::vector<double>& scores,
    const std::function<double(const KeptUnits&)>& loss_without) {
  std::vector<double> sensitivities(scores.size(), 0);
  const double whole = loss_without(now);
  for (const auto& group : coupling.groups) {
    std::vector<int64_t> units;  // in the order in which they go
    for (const int64_t unit : group.units) {
      if (now[at(unit)] != 0) units.push_back(unit);
    }
    std::sort(units.begin(), units.end(), [&](int64_t a, int64_t b) {
      return std::tuple(scores[at(a)], -a) < std::tuple(scores[at(b)], -b);
    });
    std::vector<Growth> curve{{}};
    KeptUnits kept = now;
    size_t gone = 0;
    for (const size_t quarters : {1, 2, 3}) {
      const size_t until = units.size() * quarters / 4;
      if (until == gone) continue;
      while (gone < until) kept[at(units[gone++])] = 0;
      curve.push_back(
          {static_cast<double>(gone), std::max(curve.back().loss, loss_without(kept) - whole)});
    }
    for (size_t i = 0; i < units.size(); ++i) {
      // A group of so few units that no quarter of it can go keeps them all to the end.
      sensitivities[at(units[i])] =
          curve.size() > 1 ? growth_at(curve, static_cast<double>(i + 1)) : INFINITY;
    }
  }
  return sensitivities;
}

}  // namespace nas
