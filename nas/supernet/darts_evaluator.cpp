#include "nas/supernet/darts_evaluator.hpp"

#include <cmath>
#include <filesystem>
#include <new>
#include <string>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/stop.hpp"
#include "nas/supernet/darts_search.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int kIndent = 1;

/// LibTorch's allocator on the CPU reports lack of memory as a plain error.
bool tells_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("ALLOC_FAILED") != std::string::npos;
}

std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

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
    try {
      return search(assignment, monitor);
    } catch (const c10::OutOfMemoryError& error) {
      return Failure{"oom", first_line(error.what_without_backtrace())};
    } catch (const std::bad_alloc& error) {
      return Failure{"oom", error.what()};
    } catch (const c10::AcceleratorError& error) {
      // Nothing that follows on this device in this process would work.
      throw RunError(first_line(error.what_without_backtrace()));
    } catch (const c10::Error& error) {
      const std::string message = first_line(error.what_without_backtrace());
      return Failure{tells_of_memory(message) ? "oom" : "error", message};
    }
  }

 private:
  Outcome search(const Assignment& assignment, Monitor& monitor) const;
  Outcome run(DartsSearch& search, const Assignment& assignment, Monitor& monitor) const;

  DartsOptions options_;
  const EvaluatorContext context_;
  torch::Device device_;
  TrainingData data_;
};

Outcome DartsEvaluator::search(const Assignment& assignment, Monitor& monitor) const {
  DartsSetting setting{options_, static_cast<uint64_t>(context_.data.split_seed), assignment.seed,
                       device_};
  if (assignment.budget > 0) setting.options.epochs = std::llround(std::ceil(assignment.budget));
  std::filesystem::create_directories(assignment.folder);
  DartsSearch search(setting, context_.space, data_);
  if (const auto saved = load_checkpoint(assignment.folder, context_.warn)) search.restore(*saved);
  Outcome outcome = run(search, assignment, monitor);
  remove_checkpoints(assignment.folder);
  return outcome;
}

Outcome DartsEvaluator::run(DartsSearch& search, const Assignment& assignment,
                            Monitor& monitor) const {
  const Failure diverged{"nan", "the supernet's loss or weights are not finite numbers"};
  CheckpointClock clock(context_.execution.checkpoint);
  while (!search.done()) {
    search.step();
    if (search.at_epoch_end()) {
      if (!search.finite()) return diverged;
      const Metrics metrics = search.finish_epoch();
      write_file_atomically(assignment.folder / "architecture.json",
                            search.history().dump(kIndent));
      monitor.report({search.epochs_done(), search.epochs(), "epoch", metrics});
    }
    const bool stop = stop_requested();
    if (clock.due() || stop) {
      if (!search.finite()) return diverged;
      save_checkpoint(assignment.folder, search.steps_done(), search.checkpoint());
      if (stop) throw Interrupted();
    }
  }
  return Score{search.metrics(), search.derived()};
}

}  // namespace

std::unique_ptr<Evaluator> make_darts_evaluator(const DartsOptions& options,
                                                const EvaluatorContext& context) {
  return std::make_unique<DartsEvaluator>(options, context);
}

}  // namespace nas
