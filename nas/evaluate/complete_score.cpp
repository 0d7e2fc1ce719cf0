#include "nas/evaluate/complete_score.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

#include "nas/core/text.hpp"

namespace nas {
namespace {

class CompleteScore : public Evaluator {
 public:
  CompleteScore(std::unique_ptr<Evaluator> evaluator, Objectives objectives)
      : evaluator_(std::move(evaluator)), objectives_(std::move(objectives)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    Outcome outcome = evaluator_->evaluate(assignment, monitor);
    const auto* score = std::get_if<Score>(&outcome);
    if (score == nullptr || assignment.job != Job::evaluate) return outcome;
    if (auto reason = lacking_objective(objectives_, score->metrics)) {
      return Failure{"error", *reason};
    }
    return outcome;
  }

  bool reports(const std::string& metric) const override { return evaluator_->reports(metric); }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  Objectives objectives_;
};

}  // namespace

std::optional<std::string> lacking_objective(const Objectives& objectives, const Metrics& metrics) {
  for (const auto& objective : objectives) {
    if (metrics.contains(objective.metric)) continue;
    std::vector<std::string> names;
    for (const auto& [name, value] : metrics) names.push_back(printable(name));
    return fmt::format("no metric '{}', which is an objective, among {}", objective.metric,
                       fmt::join(names, ", "));
  }
  return std::nullopt;
}

std::unique_ptr<Evaluator> make_complete_score(std::unique_ptr<Evaluator> evaluator,
                                               Objectives objectives) {
  return std::make_unique<CompleteScore>(std::move(evaluator), std::move(objectives));
}

}  // namespace nas
