#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <map>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

/// Values of two metrics, by trial that has both.
struct Pairs {
  std::vector<double> of_other;
  std::vector<double> of_named;
};

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// By metric, beside the values of `named`, over the complete trials that were evaluated.
std::map<std::string, Pairs> pairs_with(const std::vector<Trial>& trials,
                                        const std::string& named) {
  std::map<std::string, Pairs> pairs;
  for (const auto& trial : trials) {
    const auto value = trial.metrics.find(named);
    if (trial.state != TrialState::complete || value == trial.metrics.end()) continue;
    for (const auto& [name, other] : trial.metrics) {
      pairs[name].of_other.push_back(other);
      pairs[name].of_named.push_back(value->second);
    }
  }
  return pairs;
}

Json correlations(const OpenedRun& run, const std::string& named) {
  const auto pairs = pairs_with(run.store->trials(), named);
  if (pairs.empty()) {
    throw UsageError(fmt::format("{}: no trial has the metric '{}'", run.folder.string(), named));
  }
  Json rows = Json::array();
  for (const auto& [name, values] : pairs) {
    if (name == named) continue;
    rows.push_back({{"metric", name},
                    {"trials", values.of_other.size()},
                    {"spearman", number_or_null(spearman(values.of_other, values.of_named))},
                    {"kendall", number_or_null(kendall(values.of_other, values.of_named))}});
  }
  return {{"metric", named}, {"correlations", rows}};
}

std::string number_text(const Json& value) {
  return value.is_null() ? "-" : fmt::format("{:.3f}", value.get<double>());
}

void print_correlations(const Json& json) {
  fmt::print("rank correlation with {}\n  {:<24} {:>8} {:>10} {:>10}\n",
             json["metric"].get<std::string>(), "metric", "trials", "spearman", "kendall");
  for (const auto& row : json["correlations"]) {
    fmt::print("  {:<24} {:>8} {:>10} {:>10}\n", row["metric"].get<std::string>(),
               row["trials"].get<int64_t>(), number_text(row["spearman"]),
               number_text(row["kendall"]));
  }
}

}  // namespace

void add_correlate(CLI::App& app, const Program& program, int&) {
  struct Options {
    std::string folder;
    std::string metric;
    bool json = false;
  };
  auto* command =
      app.add_subcommand("correlate", "How the metrics of a run rank its trials against one");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command->add_option("--metric", options->metric, "the metric that the others are held against")
      ->required();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    const Json json = correlations(open_run(options->folder, program.parts), options->metric);
    options->json ? print_json(json) : print_correlations(json);
  });
}

}  // namespace nas
