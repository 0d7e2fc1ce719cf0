#include "nas/run/retrain_stage.hpp"

#include <fmt/core.h>

#include <deque>
#include <map>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/stop.hpp"

namespace nas {
namespace {

/// The retrainings of one run, as trials of their own numbering.
class Retraining {
 public:
  Retraining(const StageParts& parts, const Trial& best, uint64_t seed, int64_t seeds)
      : parts_(parts) {
    const auto saved = Json::parse(parts.store.get("retrain").value_or("{}"));
    for (int64_t i = 0; i < seeds; ++i) {
      const std::string key = std::to_string(i);
      if (saved.contains(key)) {
        done_[i] = saved[key].get<Metrics>();
        continue;
      }
      Trial trial;
      trial.number = i;
      trial.job = Job::retrain;
      trial.point = best.point;
      trial.seed = derive_seed(seed, "retrain", static_cast<uint64_t>(i));
      waiting_.push_back(trial);
    }
  }

  std::vector<Metrics> run() {
    while (!waiting_.empty() || !running_.empty()) {
      if (stop_requested()) stop_and_save();
      while (!waiting_.empty() &&
             static_cast<int64_t>(running_.size()) < parts_.launcher.capacity()) {
        start(waiting_.front());
        waiting_.pop_front();
      }
      handle_event();
    }
    std::vector<Metrics> metrics;
    for (auto& [number, value] : done_) metrics.push_back(value);
    return metrics;
  }

 private:
  void start(Trial trial) {
    trial.state = TrialState::running;
    trial.started = wall_seconds();
    parts_.launcher.start({trial.number, trial.job, trial.point, trial.budget, trial.seed,
                           parts_.folder.checkpoints(Job::retrain, trial.number)});
    parts_.observer.trial_started(trial);
    running_.emplace(trial.number, trial);
  }

  void handle_event() {
    const auto event = parts_.launcher.wait(0.5);
    if (!event) return;
    if (const auto* progress = std::get_if<Progress>(&event->what)) {
      return parts_.observer.trial_progress(event->number, *progress);
    }
    Trial trial = running_.at(event->number);
    running_.erase(event->number);
    if (const auto* outcome = std::get_if<Outcome>(&event->what)) finish(trial, *outcome);
  }

  void finish(Trial& trial, const Outcome& outcome) {
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      throw RunError(fmt::format("retraining {} failed: {}: {}", trial.number, failure->kind,
                                 failure->reason));
    }
    trial.state = TrialState::complete;
    trial.seconds = wall_seconds() - trial.started;
    trial.metrics = std::get<Score>(outcome).metrics;
    done_[trial.number] = trial.metrics;
    Json saved = Json::object();
    for (const auto& [number, metrics] : done_) saved[std::to_string(number)] = metrics;
    parts_.store.put("retrain", saved.dump());
    parts_.observer.trial_finished(trial);
  }

  void stop_and_save() {
    parts_.launcher.stop();
    while (!running_.empty()) handle_event();
    throw Interrupted();
  }

  const StageParts& parts_;
  std::deque<Trial> waiting_;
  std::map<int64_t, Trial> running_;
  std::map<int64_t, Metrics> done_;
};

}  // namespace

std::vector<Metrics> run_retraining(const StageParts& parts, const Trial& best, uint64_t seed,
                                    int64_t seeds) {
  return Retraining(parts, best, seed, seeds).run();
}

Json best_metrics(const Space& space, const Trial& best, const std::vector<Metrics>& retrained) {
  Json json = {
      {"trial", best.number}, {"arch", space.text(*best.point)}, {"metrics", Json(best.metrics)}};
  if (retrained.empty()) return json;
  json["retrain"] = Json::array();
  std::map<std::string, std::vector<double>> values;
  for (const auto& metrics : retrained) {
    json["retrain"].push_back({{"metrics", Json(metrics)}});
    for (const auto& [name, value] : metrics) values[name].push_back(value);
  }
  for (const auto& [name, list] : values) {
    json["mean"][name] = mean(list);
    json["deviation"][name] = standard_deviation(list);
  }
  return json;
}

void write_best(const Space& space, const RunFolder& folder, const Trial& best,
                const std::vector<Metrics>& retrained) {
  const auto target = folder.best();
  std::filesystem::create_directories(target);
  write_file_atomically(target / "point.json",
                        to_json(space.choices(), *best.point).dump(2) + "\n");
  write_file_atomically(target / "arch.txt", space.text(*best.point) + "\n");
  write_file_atomically(target / "metrics.json",
                        best_metrics(space, best, retrained).dump(2) + "\n");
  const auto source = retrained.empty() ? folder.checkpoints(Job::evaluate, best.number)
                                        : folder.checkpoints(Job::retrain, 0);
  const auto weights = source / "weights.safetensors";
  if (std::filesystem::exists(weights)) {
    write_file_atomically(target / "weights.safetensors", read_file(weights));
  }
}

}  // namespace nas
