#include "controllers/gp_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "controllers/gp_neighbours.hpp"
#include "controllers/lbfgs.hpp"

namespace nas {
namespace {

/// Rounds of climbing and changing.
constexpr int kMostRounds = 6;

class Search {
 public:
  Search(const Acquisition& acquisition, const GpSearchSpace& space,
         const GpSearchSettings& settings, RandomStream& random)
      : acquisition_(acquisition), space_(space), settings_(settings), random_(random) {}

  std::optional<Point> run(std::span<const Features> good) {
    const auto candidates = some_candidates(good);
    const auto values = evaluated(candidates);
    for (const size_t start : starts(values)) improve(candidates[start], values[start]);
    return best_;
  }

 private:
  Features rounded(std::span<const double> features) const {
    return space_.cube.encode(space_.cube.decode(features));
  }

  /// Remembers the best point that may be proposed.
  void consider(const Features& features, double value) {
    if (best_ && !(value > best_value_)) return;
    Point point = space_.cube.decode(features);
    if (space_.excluded(point)) return;
    best_ = std::move(point);
    best_value_ = value;
  }

  std::vector<double> evaluated(const std::vector<Features>& points) {
    auto values = acquisition_.values(points);
    for (size_t i = 0; i < points.size(); ++i) consider(points[i], values[i]);
    return values;
  }

  std::vector<Features> some_candidates(std::span<const Features> good) {
    std::vector<Features> candidates(good.begin(), good.end());
    std::vector<double> shares(space_.cube.size());
    for (int64_t i = 0; i < settings_.candidates; ++i) {
      if (!good.empty() && i % 2 == 1) {
        const auto& parent = good[static_cast<size_t>(i / 2) % good.size()];
        candidates.push_back(changed(space_.choices, space_.cube, parent, random_));
        continue;
      }
      for (double& share : shares) share = random_.uniform();
      candidates.push_back(space_.cube.encode(space_.cube.decode_shares(shares)));
    }
    return candidates;
  }

  /// The best candidate, and others drawn with weights that fall with their rank, so that several
  /// hills are climbed.
  std::vector<size_t> starts(const std::vector<double>& values) {
    std::vector<size_t> order(values.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return values[a] > values[b]; });
    std::vector<size_t> chosen;
    size_t rank = 0;
    while (rank < order.size() && static_cast<int64_t>(chosen.size()) < settings_.starts) {
      chosen.push_back(order[rank]);
      rank += 1 + static_cast<size_t>(random_.below(static_cast<int64_t>(1 + 2 * chosen.size())));
    }
    return chosen;
  }

  void improve(Features at, double value) {
    for (int round = 0; round < kMostRounds; ++round) {
      const double before = value;
      climb(at, value);
      change(at, value);
      if (!(value > before + 1e-3)) break;
    }
  }

  /// Along the choices that can be climbed.
  void climb(Features& at, double& value) {
    Box box{at, at};
    bool any = false;
    for (size_t i = 0; i < at.size(); ++i) {
      if (!is_smooth(space_.cube.axis(i)) || std::isnan(at[i])) continue;
      box.low[i] = 0;
      box.high[i] = 1;
      any = true;
    }
    if (!any) return;
    // Inactive choices, which are NaN, stay out of the arithmetic.
    std::vector<double> start = at;
    for (size_t i = 0; i < at.size(); ++i) {
      if (std::isnan(at[i])) start[i] = box.low[i] = box.high[i] = 0;
    }
    Features moved = at;
    const Differentiable loss = [&](std::span<const double> x, std::span<double> gradient) {
      for (size_t i = 0; i < x.size(); ++i) {
        if (!std::isnan(at[i])) moved[i] = x[i];
      }
      const double found = acquisition_.value(moved, gradient);
      for (double& slope : gradient) slope = -slope;
      return -found;
    };
    const Minimum top = minimize(loss, start, box, {settings_.iterations, 8, 1e-3, 1e-5});
    const Features point = rounded(top.x);
    const double found = evaluated({point})[0];
    if (!(found > value)) return;
    at = point;
    value = found;
  }

  /// The best single change of the other choices, again while one helps.
  void change(Features& at, double& value) {
    for (int round = 0; round < kMostRounds; ++round) {
      const auto options = neighbours(space_.choices, space_.cube, at, random_);
      if (options.empty()) return;
      const auto values = evaluated(options);
      const auto best = std::max_element(values.begin(), values.end());
      if (!(*best > value)) return;
      value = *best;
      at = options[static_cast<size_t>(best - values.begin())];
    }
  }

  const Acquisition& acquisition_;
  const GpSearchSpace& space_;
  GpSearchSettings settings_;
  RandomStream& random_;
  std::optional<Point> best_;
  double best_value_ = 0;
};

}  // namespace

std::optional<Point> most_worth_trying(const Acquisition& acquisition, const GpSearchSpace& space,
                                       std::span<const Features> good,
                                       const GpSearchSettings& settings, RandomStream& random) {
  return Search(acquisition, space, settings, random).run(good);
}

}  // namespace nas
