#include "nas/supernet/enas_evaluator.hpp"

#include <string>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/supernet/enas_search.hpp"
#include "nas/supernet/search_run.hpp"
#include "nas/supernet/shared_weights.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

class EnasEvaluator final : public Evaluator {
 public:
  EnasEvaluator(const EnasOptions& options, const EvaluatorContext& context)
      : options_(options),
        context_(context),
        device_(select_device(context.execution.device)),
        data_(load_for_search(context.data, device_)) {
    if (!context.space.shared_network()) {
      throw UsageError("controller enas needs a space whose points share weights, and those of '" +
                       std::string(context.space.name()) + "' do not");
    }
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    return with_failures([&] { return search(assignment, monitor); });
  }

 private:
  Outcome search(const Assignment& assignment, Monitor& monitor) const;

  EnasOptions options_;
  const EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
};

Outcome EnasEvaluator::search(const Assignment& assignment, Monitor& monitor) const {
  const EnasSetting setting{options_, static_cast<uint64_t>(context_.data.split_seed),
                            assignment.seed, device_};
  EnasSearch search(setting, context_.space, data_);
  if (const auto failure = run_search(search, {context_, assignment, monitor, {}})) {
    return *failure;
  }
  save_shared_weights(assignment.folder, context_.space, search.network());
  write_file_atomically(assignment.folder / "learning_curve.json", search.history().dump());
  Score score{search.metrics(), search.derived()};
  if (search.done()) remove_checkpoints(assignment.folder);
  return score;
}

}  // namespace

std::unique_ptr<Evaluator> make_enas_evaluator(const EnasOptions& options,
                                               const EvaluatorContext& context) {
  return std::make_unique<EnasEvaluator>(options, context);
}

}  // namespace nas
