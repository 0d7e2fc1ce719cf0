#include "nas/report/curves.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "nas/core/json.hpp"

namespace nas {

void CurveReader::read(std::span<const std::filesystem::path> logs) {
  for (const auto& path : logs) {
    Log& log = logs_[path];
    std::ifstream file(path);
    file.seekg(log.read);
    std::string text;
    // A line without an end is still being written.
    while (std::getline(file, text) && !file.eof()) {
      log.read += static_cast<std::streamoff>(text.size() + 1);
      if (text.find("\"trial_") == text.npos) continue;
      try {
        read_line(text, log);
      } catch (const std::exception&) {
        continue;  // a crash cut it off
      }
    }
  }
}

void CurveReader::read_line(const std::string& text, Log& log) {
  const Json line = Json::parse(text);
  const std::string event = line.at("event").get<std::string>();
  if (event != "trial_started" && event != "trial_progress") return;
  const int64_t number = line.at("number").get<int64_t>();
  if (event == "trial_started") {
    log.jobs[number] = job_from_text(line.at("job").get<std::string>());
    return;
  }
  Training& training = trainings_[{log.jobs[number], number}];
  training.unit = line.at("unit").get<std::string>();
  for (const auto& [name, value] : line.at("metrics").items()) {
    if (value.is_number()) {
      training.metrics[name][line.at("done").get<int64_t>()] = value.get<double>();
    }
  }
}

void CurveReader::add(CurveGroup& group, const Training& training, const std::string& prefix) {
  const auto has_accuracy = [](const auto& metric) {
    return metric.first.find("accuracy") != std::string::npos;
  };
  const bool accuracies =
      std::any_of(training.metrics.begin(), training.metrics.end(), has_accuracy);
  group.unit = training.unit;
  for (const auto& [name, values] : training.metrics) {
    if (name.find(accuracies ? "accuracy" : "loss") == name.npos) continue;
    group.curves.push_back({prefix + name, values});
  }
}

std::vector<CurveGroup> CurveReader::groups(int64_t best) const {
  std::vector<CurveGroup> supernets;
  CurveGroup trial{fmt::format("Trial {}, the best of the search", best), "epoch", {}};
  CurveGroup retraining{"Training from scratch", "epoch", {}};
  for (const auto& [key, training] : trainings_) {
    const auto& [job, number] = key;
    if (job == Job::supernet) {
      const auto title = fmt::format("Supernet of trial {}", number);
      add(supernets.emplace_back(CurveGroup{title, "epoch", {}}), training, "");
    } else if (job == Job::retrain) {
      add(retraining, training, fmt::format("retraining {}: ", number));
    } else if (number == best) {
      add(trial, training, "");
    }
  }
  std::vector<CurveGroup> groups = std::move(supernets);
  for (auto* group : {&trial, &retraining}) groups.push_back(std::move(*group));
  std::erase_if(groups, [](const CurveGroup& group) { return group.curves.empty(); });
  return groups;
}

}  // namespace nas
