#include "nas/report/curves.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "nas/core/json.hpp"
#include "nas/search/trial.hpp"

namespace nas {
namespace {

/// Everything of one training; metric -> epochs done -> value.
struct Training {
  Job job = Job::evaluate;
  std::string unit;
  std::map<std::string, std::map<int64_t, double>> metrics;
};

/// Retrainings are numbered on their own, so a number alone names no training.
using Trainings = std::map<std::pair<Job, int64_t>, Training>;

class LogReader {
 public:
  /// Another log: who wrote it had trials of his own under way.
  void begin() { jobs_.clear(); }
  void read(const Json& line) {
    const std::string event = line.at("event").get<std::string>();
    if (event != "trial_started" && event != "trial_progress") return;
    const int64_t number = line.at("number").get<int64_t>();
    if (event == "trial_started") {
      jobs_[number] = job_from_text(line.at("job").get<std::string>());
      return;
    }
    const Job job = jobs_[number];
    Training& training = trainings_[{job, number}];
    training.job = job;
    training.unit = line.at("unit").get<std::string>();
    for (const auto& [name, value] : line.at("metrics").items()) {
      if (value.is_number()) {
        training.metrics[name][line.at("done").get<int64_t>()] = value.get<double>();
      }
    }
  }

  const Trainings& trainings() const { return trainings_; }

 private:
  std::map<int64_t, Job> jobs_;
  Trainings trainings_;
};

void read_trainings(const std::filesystem::path& log, LogReader& reader) {
  std::ifstream file(log);
  reader.begin();
  for (std::string text; std::getline(file, text);) {
    if (text.find("\"trial_") == text.npos) continue;
    try {
      reader.read(Json::parse(text));
    } catch (const std::exception&) {
      continue;  // a line that a crash cut off
    }
  }
}

bool has_figure(const Training& training, std::string_view part) {
  return std::any_of(training.metrics.begin(), training.metrics.end(), [&](const auto& metric) {
    return metric.first.find(part) != std::string::npos;
  });
}

void add_curves(CurveGroup& group, const Training& training, const std::string& prefix) {
  const std::string_view wanted = has_figure(training, "accuracy") ? "accuracy" : "loss";
  group.unit = training.unit;
  for (const auto& [name, values] : training.metrics) {
    if (name.find(wanted) == name.npos) continue;
    group.curves.push_back({prefix + name, values});
  }
}

}  // namespace

std::vector<CurveGroup> read_curves(std::span<const std::filesystem::path> logs, int64_t best) {
  std::vector<CurveGroup> supernets;
  CurveGroup trial{fmt::format("Trial {}, the best of the search", best), "epoch", {}};
  CurveGroup retraining{"Training from scratch", "epoch", {}};
  LogReader reader;
  for (const auto& log : logs) read_trainings(log, reader);
  for (const auto& [key, training] : reader.trainings()) {
    const auto& [job, number] = key;
    if (job == Job::supernet) {
      add_curves(supernets.emplace_back(
                     CurveGroup{fmt::format("Supernet of trial {}", number), "epoch", {}}),
                 training, "");
    } else if (job == Job::retrain) {
      add_curves(retraining, training, fmt::format("retraining {}: ", number));
    } else if (number == best) {
      add_curves(trial, training, "");
    }
  }
  std::vector<CurveGroup> groups = std::move(supernets);
  for (auto* group : {&trial, &retraining}) groups.push_back(std::move(*group));
  std::erase_if(groups, [](const CurveGroup& group) { return group.curves.empty(); });
  return groups;
}

}  // namespace nas
