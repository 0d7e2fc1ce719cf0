#include "nas/report/terminal.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>

#include "nas/core/clock.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr double kSecondsPerFrame = 0.25;
constexpr double kSecondsPerLine = 60;   // away from a terminal
constexpr double kShortestFrame = 0.05;  // where trials take no time
constexpr size_t kUsualWidth = 100;

/// Columns of the terminal now; a longer line would break and could not be redrawn.
size_t width_of(std::FILE* out) {
  winsize size{};
  const bool known = ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? size.ws_col - size_t{1} : kUsualWidth;
}

class Silent : public RunObserver {
 public:
  void trial_started(const Trial&) override {}
  void trial_progress(int64_t, const Progress&) override {}
  void trial_finished(const Trial&) override {}
  void warned(const std::string&) override {}
};

class Terminal : public RunObserver {
 public:
  explicit Terminal(const TerminalOptions& options)
      : options_(options), began_(options.clock()), drawn_at_(began_) {
    for (const auto& trial : options.known) {
      if (has_ended(trial)) ++before_;
      note_best(trial);
    }
  }
  ~Terminal() override { erase(); }

  void trial_started(const Trial& trial) override {
    running_[trial.number] = {label(trial), ""};
    if (options_.live) draw_after(kShortestFrame);
  }

  void trial_progress(int64_t number, const Progress& progress) override {
    const std::string of = progress.total > 0 ? fmt::format("/{}", progress.total) : "";
    running_[number].second =
        fmt::format("  {} {}{}{}", progress.unit, progress.done, of, score(progress));
    draw_after(options_.live ? kSecondsPerFrame : kSecondsPerLine);
  }

  void trial_finished(const Trial& trial) override {
    running_.erase(trial.number);
    if (trial.job != Job::retrain) ++finished_;
    note_best(trial);
    print_above(line_of(trial));
  }

  void warned(const std::string& text) override { print_above("warning: " + text); }

 private:
  static std::string label(const Trial& trial) {
    if (trial.job == Job::supernet) return fmt::format("supernet {}", trial.number);
    if (trial.job == Job::screen) return fmt::format("screening {}", trial.number);
    return fmt::format("{} {}", trial.job == Job::retrain ? "retraining" : "trial", trial.number);
  }

  /// The figure that tells most of those there are.
  std::string score_of(const Metrics& metrics) const {
    for (const auto& name :
         {options_.objective.metric, std::string("test_accuracy"),
          std::string("supernet_validation_accuracy"), std::string("train_accuracy")}) {
      const auto metric = metrics.find(name);
      if (metric != metrics.end()) return name + " " + format_score(metric->second, 3);
    }
    return "";
  }

  std::string score(const Progress& progress) const {
    const std::string text = score_of(progress.metrics);
    return text.empty() ? "" : "  " + text;
  }

  void note_best(const Trial& trial) {
    if (trial.job == Job::retrain || !utility(options_.objective, trial)) return;
    if (!best_ || beats(options_.objective, trial, *best_)) best_ = trial;
  }

  std::string line_of(const Trial& trial) const {
    if (trial.failure) {
      return fmt::format("{:<13} failed    {}: {}", label(trial), trial.failure->kind,
                         trial.failure->reason);
    }
    std::string line =
        fmt::format("{:<13} {}  {:>6.1f} s", label(trial), score_of(trial.metrics), trial.seconds);
    if (trial.state == TrialState::stopped) line += "  stopped";
    // Retrainings all train the same point.
    if (trial.job != Job::retrain) line += "  " + options_.describe_point(trial);
    return line;
  }

  /// Seconds until the budget is spent at the present pace; nothing where nothing limits it.
  std::optional<double> seconds_left(double elapsed) const {
    std::optional<double> left;
    if (options_.wall_time > 0) left = std::max(0.0, options_.wall_time - elapsed);
    if (options_.trials_planned > 0) {
      const auto trials = static_cast<double>(options_.trials_planned - before_ - finished_);
      const double by_trials = std::max(0.0, trials) * elapsed / static_cast<double>(finished_);
      left = left ? std::min(*left, by_trials) : by_trials;
    }
    return left;
  }

  std::string footer() const {
    const double elapsed = options_.clock() - began_;
    std::string text = fmt::format("{}", before_ + finished_);
    if (options_.trials_planned > 0) text += fmt::format(" of {}", options_.trials_planned);
    text += " trials";
    if (best_) {
      const double best = best_->metrics.at(options_.objective.metric);
      text += fmt::format(", best {} (trial {})", format_score(best, 3), best_->number);
    }
    // Retrainings, which follow, say nothing of the search's pace.
    const bool searched =
        options_.trials_planned > 0 && before_ + finished_ >= options_.trials_planned;
    if (finished_ == 0 || elapsed <= 0 || searched) return text;
    text += fmt::format(", {:.0f} an hour", static_cast<double>(finished_) / elapsed * 3600);
    const auto left = seconds_left(elapsed);
    return left && *left > 0 ? text + fmt::format(", {} left", format_duration(*left)) : text;
  }

  void draw_after(double seconds) {
    if (options_.clock() - drawn_at_ >= seconds || (options_.live && drawn_ == 0)) draw();
  }

  void draw() {
    erase();
    const size_t width = options_.live ? width_of(options_.out) : std::string::npos;
    for (const auto& [number, texts] : running_) {
      fmt::print(options_.out, "  {}\n", (texts.first + texts.second).substr(0, width - 2));
    }
    fmt::print(options_.out, "{}{}\n", options_.live ? "" : "  ", footer().substr(0, width));
    if (options_.live) lines_ = running_.size() + 1;
    drawn_at_ = options_.clock();
    ++drawn_;
    std::fflush(options_.out);
  }

  void print_above(const std::string& line) {
    erase();
    fmt::print(options_.out, "{}\n", line);
    if (options_.live) {
      draw_after(kShortestFrame);
    } else {
      drawn_at_ = options_.clock();
    }
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
  double drawn_at_;
  int64_t drawn_ = 0;
  size_t lines_ = 0;
  int64_t before_ = 0;                                              // finished by earlier attempts
  int64_t finished_ = 0;                                            // since
  std::map<int64_t, std::pair<std::string, std::string>> running_;  // label, progress
  std::optional<Trial> best_;
};

}  // namespace

std::unique_ptr<RunObserver> make_terminal_observer(const TerminalOptions& options) {
  TerminalOptions filled = options;
  if (!filled.clock) filled.clock = steady_seconds;
  return std::make_unique<Terminal>(filled);
}

std::unique_ptr<RunObserver> make_silent_observer() { return std::make_unique<Silent>(); }

}  // namespace nas
