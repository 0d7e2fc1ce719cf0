#include "nas/evaluate/train_evaluator.hpp"

#include "nas/evaluate/cross_validation.hpp"
#include "nas/evaluate/network_training.hpp"
#include "nas/torch/device.hpp"

namespace nas {
namespace {

class TrainEvaluator final : public Evaluator {
 public:
  TrainEvaluator(const TrainConfig& config, const EvaluatorContext& context)
      : config_(config),
        context_(context),
        device_(select_device(context.execution.device)),
        data_(load_parts(context.data, config.decision.validation_folds, device_)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    const auto nothing_more = [](Training&) { return Metrics(); };
    const NetworkTrainingSetting setting{config_, context_, data_.front(), device_, nothing_more};
    if (data_.size() == 1) return train_network(setting, assignment, monitor);
    const auto result = cross_validate(setting, data_, assignment, monitor);
    if (const auto* failure = std::get_if<Failure>(&result)) return *failure;
    return Score{std::get<HeldOut>(result).metrics, std::nullopt};
  }

 private:
  TrainConfig config_;
  EvaluatorContext context_;
  torch::Device device_;
  std::vector<TrainingData> data_;  // one, or a part each for cross-validation
};

}  // namespace

std::unique_ptr<Evaluator> make_train_evaluator(const TrainConfig& config,
                                                const EvaluatorContext& context) {
  return std::make_unique<TrainEvaluator>(config, context);
}

}  // namespace nas
