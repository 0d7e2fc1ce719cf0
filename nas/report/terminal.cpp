#include "nas/report/terminal.hpp"

#include <fmt/core.h>

#include <chrono>
#include <map>
#include <optional>

#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr double kSecondsPerFrame = 0.25;
constexpr size_t kWidest = 100;

class Silent : public RunObserver {
 public:
  void trial_started(const Trial&) override {}
  void trial_progress(int64_t, const Progress&) override {}
  void trial_finished(const Trial&) override {}
};

class Terminal : public RunObserver {
 public:
  explicit Terminal(const TerminalOptions& options) : options_(options), began_(options.clock()) {}
  ~Terminal() override { erase(); }

  void trial_started(const Trial& trial) override {
    running_[trial.number] = label(trial);
    draw();
  }

  void trial_progress(int64_t number, const Progress& progress) override {
    auto& text = running_[number];
    text = fmt::format("{}  {} {}/{}", text.substr(0, text.find("  ")), progress.unit,
                       progress.done, progress.total);
    if (options_.clock() - drawn_at_ >= kSecondsPerFrame) draw();
  }

  void trial_finished(const Trial& trial) override {
    running_.erase(trial.number);
    if (trial.job != Job::retrain) ++finished_;
    note_best(trial);
    erase();
    fmt::print(options_.out, "{}\n", line_of(trial));
    draw();
  }

 private:
  static std::string label(const Trial& trial) {
    if (trial.job == Job::supernet) return fmt::format("supernet {}", trial.number);
    return fmt::format("{} {}", trial.job == Job::retrain ? "retraining" : "trial", trial.number);
  }

  void note_best(const Trial& trial) {
    const auto value = utility(options_.objective, trial);
    if (trial.job == Job::retrain || !value) return;
    if (!best_ || *value > *utility(options_.objective, *best_)) best_ = trial;
  }

  std::string line_of(const Trial& trial) const {
    if (trial.failure) {
      return fmt::format("{:<13} failed    {}: {}", label(trial), trial.failure->kind,
                         trial.failure->reason);
    }
    std::string score;
    for (const auto& name : {options_.objective.metric, std::string("test_accuracy"),
                             std::string("supernet_validation_accuracy")}) {
      const auto metric = trial.metrics.find(name);
      if (metric == trial.metrics.end()) continue;
      score = fmt::format("{} {:.3f}", name, metric->second);
      break;
    }
    return fmt::format("{:<13} {}  {:>6.1f} s  {}", label(trial), score, trial.seconds,
                       options_.describe_point(trial));
  }

  std::string footer() const {
    const double seconds = options_.clock() - began_;
    std::string text = fmt::format("{} of {} trials", finished_, options_.trials_planned);
    if (best_) {
      text += fmt::format(", best {:.3f} (trial {})", best_->metrics.at(options_.objective.metric),
                          best_->number);
    }
    if (finished_ == 0 || seconds <= 0) return text;
    const double per_second = static_cast<double>(finished_) / seconds;
    const auto left = static_cast<double>(options_.trials_planned - finished_);
    text += fmt::format(", {:.0f} an hour", per_second * 3600);
    return left > 0 ? text + fmt::format(", {} left", format_duration(left / per_second)) : text;
  }

  void draw() {
    if (!options_.live) return;
    erase();
    for (const auto& [number, text] : running_) {
      fmt::print(options_.out, "  {}\n", text.substr(0, kWidest));
    }
    fmt::print(options_.out, "{}\n", footer().substr(0, kWidest));
    lines_ = running_.size() + 1;
    drawn_at_ = options_.clock();
    std::fflush(options_.out);
  }

  /// Moves up over what was drawn last and clears to the end of the screen.
  void erase() {
    if (lines_ > 0) fmt::print(options_.out, "\033[{}A\033[J", lines_);
    lines_ = 0;
    std::fflush(options_.out);
  }

  TerminalOptions options_;
  double began_;
  double drawn_at_ = 0;
  size_t lines_ = 0;
  int64_t finished_ = 0;
  std::map<int64_t, std::string> running_;
  std::optional<Trial> best_;
};

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

std::unique_ptr<RunObserver> make_terminal_observer(const TerminalOptions& options) {
  TerminalOptions filled = options;
  if (!filled.clock) filled.clock = steady_seconds;
  return std::make_unique<Terminal>(filled);
}

std::unique_ptr<RunObserver> make_silent_observer() { return std::make_unique<Silent>(); }

}  // namespace nas
