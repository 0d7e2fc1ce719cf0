#include "nas/supernet/once_for_all_evaluator.hpp"

#include <optional>

#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/supernet/once_for_all_training.hpp"
#include "nas/supernet/search_run.hpp"
#include "nas/supernet/shared_weights.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

class OnceForAllEvaluator final : public Evaluator {
 public:
  OnceForAllEvaluator(const OnceForAllOptions& options, const EvaluatorContext& context)
      : options_(options),
        context_(context),
        device_(select_device(context.execution.device)),
        data_(load_for_search(context.data, device_)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    return with_failures([&] { return train(assignment, monitor); });
  }

 private:
  Outcome train(const Assignment& assignment, Monitor& monitor) const;

  OnceForAllOptions options_;
  const EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
};

Outcome OnceForAllEvaluator::train(const Assignment& assignment, Monitor& monitor) const {
  OnceForAllTraining training({options_, assignment.seed, device_}, context_.space, data_);
  const auto write_history = [&] {
    write_file_atomically(assignment.folder / "learning_curve.json", training.history().dump());
  };
  if (const auto failure = run_search(training, {context_, assignment, monitor, write_history})) {
    return *failure;
  }
  save_shared_weights(assignment.folder, context_.space, training.network());
  if (training.done()) remove_checkpoints(assignment.folder);
  return Score{training.metrics(), std::nullopt};
}

}  // namespace

std::unique_ptr<Evaluator> make_once_for_all_evaluator(const OnceForAllOptions& options,
                                                       const EvaluatorContext& context) {
  return std::make_unique<OnceForAllEvaluator>(options, context);
}

}  // namespace nas
