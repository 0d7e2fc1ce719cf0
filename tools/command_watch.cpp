#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <thread>

#include "nas/core/json.hpp"
#include "nas/report/terminal.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/log_follower.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr auto kBetweenLooks = std::chrono::milliseconds(250);

/// What the log says of a trial, as far as the terminal shows it.
Trial trial_of(const Json& line, const Choices& choices) {
  Trial trial;
  trial.number = line.at("number").get<int64_t>();
  trial.job = job_from_text(line.at("job").get<std::string>());
  if (!line.contains("state")) return trial;
  trial.state = trial_state_from_text(line.at("state").get<std::string>());
  if (line.at("point").is_object()) trial.point = point_from_json(choices, line.at("point"));
  trial.metrics = line.at("metrics").get<Metrics>();
  trial.seconds = line.at("seconds").get<double>();
  if (line.at("error").is_object()) {
    trial.failure = Failure{line.at("error").at("kind").get<std::string>(),
                            line.at("error").at("reason").get<std::string>()};
  }
  return trial;
}

/// Shows a run of other processes from their logs.
class Watch {
 public:
  Watch(const OpenedRun& run, bool live) : run_(run), live_(live) {}

  void go() {
    read_new([this](const fs::path& log, const Json& line) { catch_up(running_[log], line); });
    if (!is_worked_on(run_)) {
      fmt::print("{}: not running; it {}\n", run_.experiment.config.name, last_event_);
      return;
    }
    terminal_ = make_terminal_observer(options());
    for (const auto& [log, running] : running_) {
      for (const auto& [number, lines] : running) {
        for (const Json& line : lines) show(line);
      }
    }
    for (bool runs = true; runs;) {
      std::this_thread::sleep_for(kBetweenLooks);
      runs = is_worked_on(run_);
      read_new([this](const fs::path&, const Json& line) { show(line); });
    }
    terminal_.reset();
    fmt::print("{}: {}\n", run_.experiment.config.name, last_event_);
  }

 private:
  /// By number, how a trial began and what it said last.
  using Running = std::map<int64_t, std::vector<Json>>;

  TerminalOptions options() const {
    TerminalOptions options;
    options.live = live_;
    options.trials_planned = run_.experiment.config.budget.trials;
    options.objective = run_.experiment.config.objectives.front();
    options.known = run_.store->trials();
    options.describe_point = [this](const Trial& trial) {
      return trial.point ? run_.space->text(*trial.point) : std::string(to_text(trial.job));
    };
    return options;
  }

  /// Also of processes that join meanwhile.
  void read_new(const std::function<void(const fs::path& log, const Json& line)>& hear) {
    for (const fs::path& log : RunFolder(run_.folder).logs()) {
      followers_.try_emplace(log, log).first->second.read_new(
          [&](const Json& line) { hear(log, line); });
    }
  }

  static std::string event_of(const Json& line) { return line.value("event", ""); }

  void note_event(const Json& line) {
    const std::string event = event_of(line);
    if (event == "started") last_event_ = "was killed";
    if (event == "finished") last_event_ = "finished";
    if (event == "stopped") last_event_ = "stopped: " + line.value("reason", "");
  }

  /// Of what a process wrote before: what it runs now.
  void catch_up(Running& running, const Json& line) {
    note_event(line);
    const std::string event = event_of(line);
    if (event == "started") running.clear();
    if (event == "trial_started") running[line.at("number").get<int64_t>()] = {line};
    if (event == "trial_finished") running.erase(line.at("number").get<int64_t>());
    if (event != "trial_progress") return;
    auto& lines = running[line.at("number").get<int64_t>()];
    lines.resize(std::min<size_t>(lines.size(), 1));
    lines.push_back(line);
  }

  void show(const Json& line) {
    note_event(line);
    const std::string event = event_of(line);
    const Choices& choices = run_.space->choices();
    if (event == "trial_started") terminal_->trial_started(trial_of(line, choices));
    if (event == "trial_finished") terminal_->trial_finished(trial_of(line, choices));
    if (event == "warning") terminal_->warned(line.at("text").get<std::string>());
    if (event != "trial_progress") return;
    const std::string unit = line.at("unit").get<std::string>();
    terminal_->trial_progress(line.at("number").get<int64_t>(),
                              {line.at("done").get<int64_t>(), line.at("total").get<int64_t>(),
                               unit, line.at("metrics").get<Metrics>()});
  }

  const OpenedRun& run_;
  bool live_;
  std::map<fs::path, LogFollower> followers_;
  std::map<fs::path, Running> running_;  // by log
  std::unique_ptr<RunObserver> terminal_;
  std::string last_event_ = "has not started";
};

}  // namespace

void add_watch(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "watch", "Show a run of another process as it goes: running trials, the best, the time left");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "a run's folder")->required();
  command->callback([folder, &program] {
    const OpenedRun run = open_run(*folder, program.parts);
    Watch(run, ::isatty(STDOUT_FILENO) != 0).go();
  });
}

}  // namespace nas
