#include "nas/supernet/darts_evaluator.hpp"

#include <string>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/evaluate/team.hpp"
#include "nas/supernet/search_run.hpp"
#include "nas/supernet/staged_search.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

constexpr int kIndent = 1;

class DartsEvaluator final : public Evaluator {
 public:
  DartsEvaluator(const DartsOptions& options, const EvaluatorContext& context)
      : options_(options),
        context_(context),
        device_(select_device(context.execution.device)),
        data_(load_for_search(context.data, device_)) {
    if (!context.space.supernet()) {
      throw UsageError("controller darts needs a space with a supernet, and space '" +
                       std::string(context.space.name()) + "' has none");
    }
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    return with_failures([&] { return search(assignment, monitor); });
  }

 private:
  Outcome search(const Assignment& assignment, Monitor& monitor) const;

  DartsOptions options_;
  const EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
};

Outcome DartsEvaluator::search(const Assignment& assignment, Monitor& monitor) const {
  DartsSetting setting{options_, static_cast<uint64_t>(context_.data.split_seed), assignment.seed,
                       device_};
  std::unique_ptr<ProcessGroup> group;
  if (context_.team != nullptr) {
    group = context_.team->gather(assignment, device_);
    setting.together = TogetherSetting{group.get(), options_.together.statistics};
  }
  StagedSearch search(setting, context_.space, data_);
  const auto write_history = [&] {
    write_file_atomically(assignment.folder / "architecture.json", search.history().dump(kIndent));
  };
  const SearchRun run{context_, assignment, monitor, write_history, group.get()};
  if (const auto failure = run_search(search, run)) return *failure;
  if (!search.not_recorded().empty()) {
    context_.warn("steps are not recorded as a CUDA graph: " + search.not_recorded());
  }
  if (search.done() && run.leads()) remove_checkpoints(assignment.folder);
  return Score{search.metrics(), search.derived()};
}

}  // namespace

std::unique_ptr<Evaluator> make_darts_evaluator(const DartsOptions& options,
                                                const EvaluatorContext& context) {
  return std::make_unique<DartsEvaluator>(options, context);
}

}  // namespace nas
