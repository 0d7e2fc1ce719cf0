#include "tools/run_experiment.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/log.hpp"
#include "nas/core/stop.hpp"
#include "nas/data/reader.hpp"
#include "nas/report/terminal.hpp"
#include "nas/run/inline_launcher.hpp"
#include "nas/run/outside_search.hpp"
#include "nas/run/retrain_stage.hpp"
#include "nas/run/search_loop.hpp"
#include "nas/run/shared_search.hpp"
#include "nas/store/postgres.hpp"
#include "tools/export_stage.hpp"
#include "tools/local_workers.hpp"
#include "tools/logging_observer.hpp"
#include "tools/measuring.hpp"
#include "tools/provenance.hpp"
#include "tools/prune_stage.hpp"
#include "tools/run_store.hpp"
#include "tools/tensorboard_observer.hpp"
#include "tools/together.hpp"
#include "tools/write_report.hpp"

namespace nas {
namespace {

/// Where the store keeps whether what follows a shared search is done.
constexpr const char* kStages = "stages";

/// For others' looks at whether the folder is in use, each of which takes microseconds.
constexpr double kSecondsForGlances = 0.1;

/// Times that a change which several workers make in turn is tried, where the store breaks off.
constexpr int kMostTries = 5;

/// One run from its lock to its report; where its store is shared, one worker's part of it.
class Run {
 public:
  Run(const Experiment& experiment, const std::filesystem::path& folder, const Program& program,
      Output output)
      : experiment_(experiment),
        program_(program),
        output_(output),
        folder_(made(folder, experiment)),
        log_(folder_.log()),
        space_(experiment.make_space()),
        store_(open()),
        provenance_(folder_, experiment, program, [this](const auto& what) { exclusively(what); }),
        terminal_(output == Output::quiet ? make_silent_observer()
                                          : make_terminal_observer(terminal_options())),
        tensorboard_(*terminal_, folder_.tensorboard(), *store_, space_->choices(),
                     experiment.config.objectives.front(),
                     experiment.immediate() ? TrialEvents::left_out : TrialEvents::written),
        observer_(tensorboard_, log_, space_->choices()) {}

  Json go() {
    log_.write("started", {{"process", ::getpid()}});
    try {
      search();
      Json best = is_ours_to_finish() ? finish() : Json(nullptr);
      log_.write("finished", Json::object());
      return best;
    } catch (const Error& error) {
      log_.write("stopped", {{"reason", error.what()}});
      throw;
    }
  }

 private:
  static RunFolder made(const std::filesystem::path& folder, const Experiment& experiment) {
    RunFolder made = folder_of_process(experiment, folder);
    made.create(experiment.resolved);
    return made;
  }

  std::unique_ptr<TrialStore> open() {
    if (!is_shared(experiment_)) {
      lock_.emplace(folder_.lock(), kSecondsForGlances);
      auto store = open_run_store(experiment_, folder_, space_->choices(), OpenMode::read_write);
      if (store->size() == 0) refuse_lost_trials();
      return store;
    }
    auto shared = open_shared_store(experiment_, folder_, space_->choices(), OpenMode::read_write);
    shared_ = shared.get();
    return shared;
  }

  /// A store is made anew where there is none.
  void refuse_lost_trials() const {
    for (const auto& witness : {folder_.best(), folder_.checkpoints()}) {
      if (!std::filesystem::exists(witness)) continue;
      throw RunError(fmt::format(
          "{}: found no trials, though there is {}; expected the file that was written with it, or "
          "another folder for a new run (--out)",
          folder_.store().string(), witness.string()));
    }
  }

  /// Among all workers of a shared store; a process that has its folder for itself needs no more.
  void exclusively(const std::function<void()>& what) {
    if (shared_ == nullptr) return what();
    for (int tries = 1;; ++tries) {
      try {
        return shared_->transaction(what);
      } catch (const StoreUnavailable&) {
        if (tries == kMostTries) throw;
      }
    }
  }

  TerminalOptions terminal_options() const {
    TerminalOptions options;
    options.out = stdout;
    options.live = ::isatty(STDOUT_FILENO) != 0;
    options.trials_planned = experiment_.config.budget.trials;
    options.wall_time = experiment_.config.budget.wall_time;
    options.known = store_->trials();
    options.objective = experiment_.config.objectives.front();
    options.describe_point = [this](const Trial& trial) {
      return trial.point ? space_->text(*trial.point) : std::string(to_text(trial.job));
    };
    return options;
  }

  void search() {
    refuse_asked_trials(*store_);
    const auto& config = experiment_.config;
    const Budget own_budget = experiment_.own_budget();
    const auto controller = make_controller();
    experiment_.check_budgets(*controller);
    const SearchSettings settings{
        config.seed,       trials_to_hold(),    config.budget.wall_time,        experiment_.lag(),
        config.objectives, config.budget.total, own_budget > 0 ? own_budget : 1};
    const auto run_on = [&](Launcher& launcher) {
      shared_ == nullptr ? search_alone(settings, *controller, launcher)
                         : search_with_others(settings, launcher);
    };
    if (experiment_.immediate()) {
      const EvaluatorContext context{*space_, config.data, config.execution, warning()};
      const auto evaluator = experiment_.make_evaluator(context, program_.parts);
      InlineLauncher launcher(*evaluator);
      run_on(launcher);
    } else {
      const bool together = searching_processes(experiment_) > 1;
      const auto alone = experiment_.light_workers() ? WorkerKind::light : WorkerKind::tensor;
      run_on(workers(together ? WorkerKind::search_leader : alone));
    }
  }

  std::unique_ptr<Controller> make_controller() const {
    const auto& config = experiment_.config;
    return experiment_.make_controller(
        {*space_, config.objectives, config.seed, experiment_.own_budget()});
  }

  std::unique_ptr<StoppingRule> make_stopping() const {
    if (!experiment_.stopping) return nullptr;
    return experiment_.stopping(experiment_.config.objectives.front());
  }

  void search_alone(const SearchSettings& settings, Controller& controller, Launcher& launcher) {
    const auto stopping = make_stopping();
    SearchLoop(settings, {controller, *store_, launcher, observer_, folder_, stopping.get()}).run();
  }

  void search_with_others(const SearchSettings& settings, Launcher& launcher) {
    SharedSearch(settings,
                 {[this] { return make_controller(); }, [this] { return make_stopping(); },
                  *shared_, launcher, observer_, folder_, experiment_.config.store, warning()})
        .run();
  }

  /// Of several workers one does what follows the search.
  bool is_ours_to_finish() {
    if (shared_ == nullptr) return true;
    const auto finished = [this] { return shared_->get(kStages) == "finished"; };
    if (!finished() && shared_->lead() && !finished()) return true;
    if (output_ == Output::normal) {
      fmt::print("the search is over; {}\n",
                 finished() ? "so is what follows it" : "another worker does what follows it");
    }
    return false;
  }

  /// Those that were imported are none of the budget's. 0: no limit.
  int64_t trials_to_hold() const {
    const int64_t trials = experiment_.config.budget.trials;
    return trials == 0 ? 0 : trials + imported_trials(*store_);
  }

  Json finish() {
    const auto trials = store_->trials();
    const auto best = best_trial(trials, experiment_.config.objectives);
    if (!best) throw RunError(no_score(trials));
    const Trial& winner = trials[*best];
    std::vector<Metrics> retrained;
    if (experiment_.retrain) {
      const bool together = retraining_processes(experiment_) > 1;
      auto& launcher = workers(together ? WorkerKind::retrain_leader : WorkerKind::tensor);
      retrained = run_retraining({*store_, launcher, observer_, folder_}, winner,
                                 experiment_.config.seed, experiment_.retrain->seeds);
    }
    write_best(*space_, folder_, winner, retrained);
    Json found = best_metrics(*space_, winner, retrained);
    if (experiment_.prune) {
      found["pruned"] = run_prune_stage(experiment_, folder_, *store_,
                                        [this](const auto& line) { say("pruning", line); });
    }
    if (experiment_.quantization) {
      run_quantize_stage(experiment_, folder_, *store_,
                         [this](const auto& line) { say("quantizing", line); });
    }
    if (experiment_.exports) {
      run_export_stage(experiment_, folder_, *store_,
                       [this](const auto& line) { say("exported", line); });
    }
    if (experiment_.report) write_report(folder_.root(), program_.parts);
    if (shared_ != nullptr) shared_->put(kStages, "finished");
    return found;
  }

  std::function<void(const std::string&)> warning() {
    return [this](const std::string& text) { observer_.warned(text); };
  }

  void say(const char* event, const std::string& line) {
    log_.write(event, {{"text", line}});
    if (output_ == Output::normal) fmt::print("{}\n", line);
    std::fflush(stdout);
  }

  std::string no_score(const std::vector<Trial>& trials) const {
    for (const auto& trial : trials) {
      const bool evaluated = trial.job == Job::evaluate && trial.state == TrialState::complete;
      if (!evaluated || trial.metrics.empty()) continue;
      std::vector<std::string> names;
      for (const auto& [name, value] : trial.metrics) names.push_back(name);
      return fmt::format("no trial has the metric '{}' of the first objective; they have {}",
                         experiment_.config.objectives.front().metric, fmt::join(names, ", "));
    }
    for (const auto& trial : trials) {
      if (!trial.failure) continue;
      return fmt::format("no trial has a score; trial {} failed: {}: {}", trial.number,
                         trial.failure->kind, trial.failure->reason);
    }
    return "there was nothing to try: the budget allows none, or no point keeps all constraints of "
           "the "
           "space";
  }

  /// Made at the first need, kept for the stages where these need the same kind.
  Launcher& workers(WorkerKind kind) {
    if (!workers_ || kind != worker_kind_) {
      workers_.reset();
      worker_kind_ = kind;
      workers_ = make_local_workers(
          experiment_, folder_, space_->choices(), kind,
          {[this](const std::string& device) { provenance_.set_device(device); }, warning()});
    }
    return *workers_;
  }

  const Experiment& experiment_;
  const Program& program_;
  Output output_;
  RunFolder folder_;
  Log log_;
  std::unique_ptr<Space> space_;
  std::optional<FileLock> lock_;  // of a folder that no others work in
  SharedStore* shared_ = nullptr;
  std::unique_ptr<TrialStore> store_;
  Provenance provenance_;
  std::unique_ptr<RunObserver> terminal_;
  TensorboardObserver tensorboard_;
  LoggingObserver observer_;
  WorkerKind worker_kind_ = WorkerKind::light;
  std::unique_ptr<Launcher> workers_;
};

/// What cannot be read of the test data is told before the search, not behind it. A run that goes
/// on was checked at its start.
void check_what_tests(const Experiment& experiment, const RunFolder& folder) {
  if (!experiment.retrain || experiment.cools()) return;
  if (std::filesystem::exists(folder.config())) return;
  check_test_images(experiment.config.data);
}

}  // namespace

Json run_experiment(const Experiment& experiment, const std::filesystem::path& folder,
                    const Program& program, Output output) {
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  experiment.check_settings();
  check_measuring(experiment);
  check_what_tests(experiment, RunFolder(folder));
  return Run(experiment, folder, program, output).go();
}

}  // namespace nas
