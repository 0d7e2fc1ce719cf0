#include "nas/evaluate/train_evaluator.hpp"

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
        data_(load_for_search(context.data, device_)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    const auto nothing_more = [](Training&) { return Metrics(); };
    return train_network({config_, context_, data_, device_, nothing_more}, assignment, monitor);
  }

 private:
  TrainConfig config_;
  EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
};

}  // namespace

std::unique_ptr<Evaluator> make_train_evaluator(const TrainConfig& config,
                                                const EvaluatorContext& context) {
  return std::make_unique<TrainEvaluator>(config, context);
}

}  // namespace nas
