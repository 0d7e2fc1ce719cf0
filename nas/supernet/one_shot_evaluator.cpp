#include "nas/supernet/one_shot_evaluator.hpp"

#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/supernet/one_shot_training.hpp"
#include "nas/supernet/search_run.hpp"
#include "nas/supernet/shared_score.hpp"
#include "nas/supernet/shared_weights.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

class OneShotEvaluator final : public Evaluator {
 public:
  OneShotEvaluator(const OneShotConfig& config, const EvaluatorContext& context)
      : config_(config),
        context_(context),
        device_(select_device(context.execution.device)),
        data_(load_for_search(context.data, device_)),
        score_({config.training, config.recalibration_batches,
                static_cast<uint64_t>(context.data.split_seed)},
               context.space, data_) {
    if (!context.space.shared_network()) {
      throw UsageError(
          "evaluator one_shot needs a space whose points share weights, and those of '" +
          std::string(context.space.name()) + "' do not");
    }
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    return with_failures([&] {
      return assignment.job == Job::supernet ? train(assignment, monitor) : score(assignment);
    });
  }

 private:
  Outcome train(const Assignment& assignment, Monitor& monitor) const;
  Outcome score(const Assignment& assignment);
  const SharedNetwork& weights(const Assignment& assignment);

  OneShotConfig config_;
  const EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
  SharedScore score_;
  std::optional<SharedNetwork> weights_;  // once read; one search has one supernet
};

Outcome OneShotEvaluator::train(const Assignment& assignment, Monitor& monitor) const {
  const OneShotSetting setting{config_, assignment.seed, device_};
  OneShotTraining training(setting, context_.space, data_);
  if (const auto failure = run_search(training, {context_, assignment, monitor, {}})) {
    return *failure;
  }
  save_shared_weights(assignment.folder, context_.space, training.network());
  write_file_atomically(assignment.folder / "learning_curve.json", training.history().dump());
  if (training.done()) remove_checkpoints(assignment.folder);
  return Score{training.metrics(), std::nullopt};
}

const SharedNetwork& OneShotEvaluator::weights(const Assignment& assignment) {
  if (!weights_) {
    SharedNetwork network(*context_.space.shared_network(), 0, device_);
    load_shared_weights(shared_weights_folder(assignment), network);
    weights_.emplace(std::move(network));
  }
  return *weights_;
}

Outcome OneShotEvaluator::score(const Assignment& assignment) {
  try {
    return Score{score_(weights(assignment), *assignment.point), std::nullopt};
  } catch (const InputError& error) {
    return Failure{"error", error.what()};
  }
}

}  // namespace

std::unique_ptr<Evaluator> make_one_shot_evaluator(const OneShotConfig& config,
                                                   const EvaluatorContext& context) {
  return std::make_unique<OneShotEvaluator>(config, context);
}

}  // namespace nas
