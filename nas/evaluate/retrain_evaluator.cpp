#include "nas/evaluate/retrain_evaluator.hpp"

#include "nas/evaluate/network_training.hpp"
#include "nas/torch/device.hpp"

namespace nas {
namespace {

class RetrainEvaluator final : public Evaluator {
 public:
  RetrainEvaluator(const TrainConfig& config, const EvaluatorContext& context)
      : config_(config),
        context_(context),
        device_(select_device(context.execution.device)),
        data_(load_for_retraining(context.data, device_)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    const auto test = [this](Training& training) {
      return training.score_on(load_test(context_.data, device_), "test");
    };
    return train_network({config_, context_, data_, device_, test}, assignment, monitor);
  }

 private:
  TrainConfig config_;
  EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
};

}  // namespace

std::unique_ptr<Evaluator> make_retrain_evaluator(const TrainConfig& config,
                                                  const EvaluatorContext& context) {
  return std::make_unique<RetrainEvaluator>(config, context);
}

}  // namespace nas
