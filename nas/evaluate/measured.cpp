#include "nas/evaluate/measured.hpp"

#include <fmt/core.h>

#include "nas/plan/cost.hpp"

namespace nas {
namespace {

class Measured : public Evaluator {
 public:
  Measured(std::unique_ptr<Evaluator> evaluator, const Space& space, Constraints constraints)
      : evaluator_(std::move(evaluator)), space_(space), constraints_(std::move(constraints)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    const Metrics counts = assignment.point ? counts_of(*assignment.point) : Metrics();
    if (auto failure = broken_by(counts)) return *failure;
    Outcome outcome = evaluator_->evaluate(assignment, monitor);
    auto* score = std::get_if<Score>(&outcome);
    if (score == nullptr) return outcome;
    score->metrics.insert(counts.begin(), counts.end());  // what the evaluator says comes first
    for (const auto& constraint : constraints_) {
      if (score->metrics.contains(constraint.metric)) continue;
      return Failure{"error", fmt::format("the constraint on {} names a metric that this evaluator "
                                          "does not report",
                                          constraint.metric)};
    }
    if (auto failure = broken_by(score->metrics)) return *failure;
    return outcome;
  }

 private:
  Metrics counts_of(const Point& point) const {
    const auto plan = space_.network(point);
    if (!plan) return {};
    const Cost counted = cost(*plan, space_.task().input);
    return {{"parameters", static_cast<double>(counted.parameters)},
            {"multiply_adds", static_cast<double>(counted.multiply_adds)}};
  }

  std::optional<Outcome> broken_by(const Metrics& metrics) const {
    for (const auto& constraint : constraints_) {
      if (auto reason = breach(constraint, metrics)) return Failure{"constraint", *reason};
    }
    return std::nullopt;
  }

  std::unique_ptr<Evaluator> evaluator_;
  const Space& space_;
  Constraints constraints_;
};

}  // namespace

std::unique_ptr<Evaluator> make_measured(std::unique_ptr<Evaluator> evaluator, const Space& space,
                                         Constraints constraints) {
  return std::make_unique<Measured>(std::move(evaluator), space, std::move(constraints));
}

}  // namespace nas
