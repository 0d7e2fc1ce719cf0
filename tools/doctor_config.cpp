#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "nas/core/error.hpp"
#include "nas/data/reader.hpp"
#include "nas/store/versions.hpp"
#include "tools/doctor.hpp"

namespace nas {
namespace {

constexpr int64_t kTried = 64;  // examples

bool reads_data(const Experiment& experiment) {
  const auto& type = experiment.evaluator.type;
  const bool own = type == "table" || type == "command" || type == "outside" || type == "cooling";
  return experiment.trains_supernet || experiment.screens || !own;
}

}  // namespace

std::optional<Experiment> examine_config(const std::filesystem::path& file,
                                         const TensorParts& parts, Findings& findings) {
  try {
    Experiment experiment = read_outside_experiment(file, {}, parts);
    if (experiment.evaluator.type != "outside") experiment.check_settings();
    findings.push_back({"configuration", Health::ok, file.string(), ""});
    return experiment;
  } catch (const Error& error) {
    findings.push_back({"configuration", Health::fault, error.what(),
                        std::filesystem::exists(file)
                            ? "docs/reference.md and nas schema tell every key"
                            : "nas init DATA looks at your data and writes one"});
    return std::nullopt;
  }
}

void examine_data(const Experiment& experiment, Findings& findings) {
  if (!reads_data(experiment)) return;
  DataConfig data = experiment.config.data;
  try {
    data.limit = data.limit > 0 ? std::min(data.limit, kTried) : kTried;
    const LabelledImages some = read_training_images(data);
    findings.push_back({"data", Health::ok,
                        fmt::format("{}: {} classes, {} examples read as a test", data.dataset,
                                    some.class_names.size(), some.size()),
                        ""});
  } catch (const Error& error) {
    findings.push_back({"data", Health::fault, error.what(),
                        "mend the files or data: of the configuration; nas init looks at data"});
  }
}

void examine_store(const Experiment& experiment, Findings& findings) {
  const std::string& url = experiment.config.store.url;
  if (url.empty()) return;
  try {
    findings.push_back({"store", Health::ok, postgres_server_version(url), ""});
  } catch (const Error& error) {
    findings.push_back({"store", Health::fault, error.what(),
                        "start the server, or mend store.url, PGPASSWORD or ~/.pgpass"});
  }
}

}  // namespace nas
