#include "nas/evaluate/retrain_evaluator.hpp"

#include <cmath>

#include "nas/core/error.hpp"
#include "nas/evaluate/cross_validation.hpp"
#include "nas/evaluate/network_training.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/process_group.hpp"

namespace nas {
namespace {

class RetrainEvaluator final : public Evaluator {
 public:
  /// `team` may be null.
  RetrainEvaluator(const RetrainConfig& config, const EvaluatorContext& context, Team* team)
      : config_(config),
        context_(context),
        team_(team),
        device_(select_device(context.execution.device)),
        data_(load_for_retraining(context.data, device_)) {
    const DecisionConfig& decision = config.training.decision;
    if (!decision.fits_rule()) return;
    if (team != nullptr) {
      throw UsageError("several processes fit no threshold or temperature: expected 1 process");
    }
    parts_ = load_parts(context.data, decision.validation_folds, device_);
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    DecisionRule rule;
    const auto test = [&](Training& training) { return tested(training, rule); };
    NetworkTrainingSetting setting{config_.training, context_, data_, device_, test};
    if (team_ != nullptr) {
      const auto group = team_->gather(assignment, device_);
      setting.together = TogetherSetting{group.get(), config_.together.statistics};
      return train_network(setting, assignment, monitor);
    }
    if (parts_.empty()) return train_network(setting, assignment, monitor);
    try {
      const auto held_out = cross_validate(setting, parts_, assignment, monitor);
      if (const auto* failure = std::get_if<Failure>(&held_out)) return *failure;
      setting.rule = rule =
          fit_rule(config_.training.decision, std::get<HeldOut>(held_out).decisions);
    } catch (const InputError& error) {
      return Failure{"error", error.what()};
    }
    return train_network(setting, assignment, monitor);
  }

 private:
  /// With the rule's temperature, and at its threshold, where it has one.
  Metrics tested(Training& training, const DecisionRule& rule) const {
    const Examples examples = load_test(context_.data, device_);
    Metrics metrics = training.score_on(examples, "test");
    if (parts_.empty()) return metrics;
    const DecisionQuestions questions = questions_of(config_.training.decision);
    const Decisions decisions = at_temperature(training.decide_on(examples), rule.temperature);
    for (const auto& [name, value] : decision_metrics(decisions, questions)) {
      metrics["test_" + name] = value;
    }
    if (config_.training.decision.calibrate) metrics["temperature"] = rule.temperature;
    if (std::isnan(rule.threshold)) return metrics;
    metrics["threshold"] = rule.threshold;
    for (const auto& [name, value] :
         metrics_at_threshold(decisions, rule.threshold, questions.costs)) {
      metrics["test_" + name] = value;
    }
    return metrics;
  }

  RetrainConfig config_;
  EvaluatorContext context_;
  Team* team_;
  torch::Device device_;
  TrainingData data_;
  std::vector<TrainingData> parts_;  // to fit the decision rule; none without one
};

}  // namespace

std::unique_ptr<Evaluator> make_retrain_evaluator(const TrainConfig& config,
                                                  const EvaluatorContext& context) {
  return std::make_unique<RetrainEvaluator>(RetrainConfig{1, {}, config}, context, nullptr);
}

std::unique_ptr<Evaluator> make_retrain_evaluator(const RetrainConfig& config,
                                                  const EvaluatorContext& context, Team& team) {
  return std::make_unique<RetrainEvaluator>(config, context, &team);
}

}  // namespace nas
