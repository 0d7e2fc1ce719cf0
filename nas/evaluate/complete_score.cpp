#include "nas/evaluate/complete_score.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "nas/core/text.hpp"

namespace nas {
namespace {

/// The first objective that these metrics are without; null where they have all.
const Objective* first_lacking(const Objectives& objectives, const Metrics& metrics) {
  const auto lacking =
      std::find_if(objectives.begin(), objectives.end(),
                   [&](const Objective& objective) { return !metrics.contains(objective.metric); });
  return lacking == objectives.end() ? nullptr : &*lacking;
}

class CompleteScore : public Evaluator {
 public:
  CompleteScore(std::unique_ptr<Evaluator> evaluator, Objectives objectives)
      : evaluator_(std::move(evaluator)), objectives_(std::move(objectives)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    Outcome outcome = evaluator_->evaluate(assignment, monitor);
    const auto* score = std::get_if<Score>(&outcome);
    if (score == nullptr || assignment.job != Job::evaluate) return outcome;
    const Objective* lacking = first_lacking(objectives_, score->metrics);
    if (lacking == nullptr) return outcome;
    const auto reason = evaluator_->why_without(*assignment.point, lacking->metric);
    return Failure{"error", reason ? *reason : *lacking_objective(objectives_, score->metrics)};
  }

  bool reports(const std::string& metric) const override { return evaluator_->reports(metric); }

  std::optional<std::string> why_without(const Point& point,
                                         const std::string& metric) const override {
    return evaluator_->why_without(point, metric);
  }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  Objectives objectives_;
};

}  // namespace

std::optional<std::string> lacking_objective(const Objectives& objectives, const Metrics& metrics) {
  const Objective* lacking = first_lacking(objectives, metrics);
  if (lacking == nullptr) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& [name, value] : metrics) names.push_back(printable(name));
  return fmt::format("no metric '{}', which is an objective, among {}", lacking->metric,
                     fmt::join(names, ", "));
}

std::unique_ptr<Evaluator> make_complete_score(std::unique_ptr<Evaluator> evaluator,
                                               Objectives objectives) {
  return std::make_unique<CompleteScore>(std::move(evaluator), std::move(objectives));
}

}  // namespace nas
