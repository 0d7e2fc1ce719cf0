#include "nas/evaluate/cross_validation.hpp"

#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// The parts as a whole are what is reported, not the epochs of one.
class Silent final : public Monitor {
 public:
  Advice report(const Progress&) override { return Advice::go_on; }
};

/// What was kept of an interrupted cross-validation, an entry a part.
Json saved_parts(const fs::path& file) {
  if (!fs::exists(file)) return Json::array();
  Json saved = Json::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  return saved.is_array() ? saved : Json::array();
}

Metrics mean_metrics(const Json& parts) {
  Metrics sums;
  for (const Json& part : parts) {
    for (const auto& [name, value] : part.at("metrics").get<Metrics>()) sums[name] += value;
  }
  for (auto& [name, sum] : sums) sum /= static_cast<double>(parts.size());
  return sums;
}

HeldOut held_out(const Json& parts) {
  HeldOut result{mean_metrics(parts), {}};
  Decisions& all = result.decisions;
  for (const Json& part : parts) {
    const auto labels = part.at("labels").get<std::vector<int64_t>>();
    const auto probabilities = part.at("probabilities").get<std::vector<double>>();
    all.labels.insert(all.labels.end(), labels.begin(), labels.end());
    all.probabilities.insert(all.probabilities.end(), probabilities.begin(), probabilities.end());
    if (!labels.empty()) all.classes = std::ssize(probabilities) / std::ssize(labels);
  }
  return result;
}

/// Of part `number`: {"metrics", "labels", "probabilities"}, or what went wrong.
std::variant<Json, Failure> run_part(const NetworkTrainingSetting& setting,
                                     const TrainingData& data, const Assignment& assignment,
                                     size_t number) {
  Assignment own = assignment;
  own.seed = derive_seed(assignment.seed, "fold", number);
  own.folder = assignment.folder / ("fold-" + std::to_string(number));
  own.origin = std::nullopt;
  Json part;
  const auto decide = [&](Training& training) {
    const Decisions decisions = training.decide_on(data.validation);
    part["labels"] = decisions.labels;
    part["probabilities"] = decisions.probabilities;
    return Metrics();
  };
  Silent silent;
  const Outcome outcome =
      train_network({setting.config, setting.context, data, setting.device, decide}, own, silent);
  if (const auto* failure = std::get_if<Failure>(&outcome)) return *failure;
  part["metrics"] = std::get<Score>(outcome).metrics;
  return part;
}

}  // namespace

std::variant<HeldOut, Failure> cross_validate(const NetworkTrainingSetting& setting,
                                              const std::vector<TrainingData>& parts,
                                              const Assignment& assignment, Monitor& monitor) {
  const fs::path file = assignment.folder / "folds.json";
  Json done = saved_parts(file);
  while (done.size() < parts.size()) {
    auto part = run_part(setting, parts[done.size()], assignment, done.size());
    if (const auto* failure = std::get_if<Failure>(&part)) return *failure;
    done.push_back(std::get<Json>(std::move(part)));
    write_file_atomically(file, done.dump());
    fs::remove_all(assignment.folder / ("fold-" + std::to_string(done.size() - 1)));
    const auto total = std::ssize(parts);
    const Advice advice = monitor.report({std::ssize(done), total, "fold", mean_metrics(done)});
    if (advice == Advice::stop) break;
  }
  fs::remove(file);
  return held_out(done);
}

}  // namespace nas
