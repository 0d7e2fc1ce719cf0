#include "nas/evaluate/zero_cost/screened.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "nas/core/random.hpp"
#include "nas/evaluate/zero_cost/proxy_scorer.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

class Screened final : public Evaluator {
 public:
  Screened(std::unique_ptr<Evaluator> evaluator, const ScreenOptions& options,
           const EvaluatorContext& context)
      : evaluator_(std::move(evaluator)),
        options_(options),
        space_(context.space),
        scorer_(options.setting, context) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    const Outcome screened = score(*assignment.point, assignment.seed);
    if (std::holds_alternative<Failure>(screened)) return screened;
    const double value = value_of(screened);
    if (!threshold_) threshold_ = find_threshold();
    if (value < *threshold_) {
      return Failure{"constraint", fmt::format("{}: found {:.6g}, expected at least {:.6g}, which "
                                               "{:.4g} of random points reach",
                                               options_.metric, value, *threshold_, options_.keep)};
    }
    Outcome outcome = evaluator_->evaluate(assignment, monitor);
    if (auto* found = std::get_if<Score>(&outcome)) found->metrics.emplace(options_.metric, value);
    return outcome;
  }

 private:
  Outcome score(const Point& point, uint64_t seed) {
    return scorer_.score(point, {&options_.metric, 1}, seed);
  }

  double value_of(const Outcome& outcome) const {
    const auto* found = std::get_if<Score>(&outcome);
    return found != nullptr ? found->metrics.at(options_.metric)
                            : -std::numeric_limits<double>::infinity();
  }

  double find_threshold() {
    const auto seed = static_cast<uint64_t>(options_.seed);
    std::vector<double> scores;
    for (int64_t i = 0; i < options_.candidates; ++i) {
      const auto index = static_cast<uint64_t>(i);
      RandomStream random(seed, "zero_cost.screen", index);
      const Point point = sample(space_.choices(), random);
      scores.push_back(value_of(score(point, derive_seed(seed, "zero_cost.screen", index))));
    }
    std::sort(scores.begin(), scores.end());
    const int64_t rejected =
        std::llround((1 - options_.keep) * static_cast<double>(options_.candidates));
    // With keep 0 only what beats or equals all of them gets through.
    return scores[static_cast<size_t>(std::min(rejected, options_.candidates - 1))];
  }

  std::unique_ptr<Evaluator> evaluator_;
  ScreenOptions options_;
  const Space& space_;
  ProxyScorer scorer_;
  std::optional<double> threshold_;
};

}  // namespace

std::unique_ptr<Evaluator> make_screened(std::unique_ptr<Evaluator> evaluator,
                                         const ScreenOptions& options,
                                         const EvaluatorContext& context) {
  return std::make_unique<Screened>(std::move(evaluator), options, context);
}

}  // namespace nas
