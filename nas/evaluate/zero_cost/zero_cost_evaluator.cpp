#include "nas/evaluate/zero_cost/zero_cost_evaluator.hpp"

#include "nas/evaluate/zero_cost/proxy_scorer.hpp"

namespace nas {
namespace {

class ZeroCost final : public Evaluator {
 public:
  ZeroCost(const ZeroCostOptions& options, const EvaluatorContext& context)
      : metrics_(options.metrics), scorer_(options.setting, context) {
    if (options.table) table_ = make_table(*options.table, context);
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    Metrics known;
    if (table_) {
      Outcome found = table_->evaluate(assignment, monitor);
      if (std::holds_alternative<Failure>(found)) return found;
      known = std::get<Score>(found).metrics;
    }
    Outcome outcome = scorer_.score(*assignment.point, metrics_, assignment.seed);
    if (auto* score = std::get_if<Score>(&outcome)) score->metrics.merge(known);
    return outcome;
  }

  std::optional<std::string> why_without(const Point& point,
                                         const std::string& metric) const override {
    return table_ ? table_->why_without(point, metric) : std::nullopt;
  }

 private:
  std::vector<std::string> metrics_;
  ProxyScorer scorer_;
  std::unique_ptr<Evaluator> table_;
};

}  // namespace

std::unique_ptr<Evaluator> make_zero_cost(const ZeroCostOptions& options,
                                          const EvaluatorContext& context) {
  return std::make_unique<ZeroCost>(options, context);
}

}  // namespace nas
