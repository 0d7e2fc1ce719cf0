#include "nas/report/comparison.hpp"

#include <algorithm>
#include <functional>

#include "nas/core/json.hpp"
#include "nas/report/html.hpp"
#include "nas/report/page_files.hpp"

namespace nas {
namespace {

constexpr const char* kBody =
    "<p class=\"lead\">The best score of each run so far. Click a run for its report.</p>"
    "<p class=\"note\" id=\"freshness\">live</p><div class=\"controls\" id=\"over\"></div>"
    "<div id=\"comparison-charts\"></div>"
    "<div class=\"wide\"><table><thead><tr><th>run</th><th>experiment</th><th>state</th>"
    "<th>trials</th><th>failed</th><th>metric</th><th>best</th><th>computing</th></tr></thead>"
    "<tbody id=\"runs\"></tbody></table></div>";

using PlaceOf = std::function<double(const Trial&)>;

/// The trials with a score, by where they stand.
std::vector<const Trial*> in_order(const ComparedRun& run, const PlaceOf& place) {
  std::vector<const Trial*> trials;
  for (const Trial& trial : run.trials) {
    if (trial.state == TrialState::complete && utility(run.objective, trial)) {
      trials.push_back(&trial);
    }
  }
  std::stable_sort(trials.begin(), trials.end(),
                   [&](const Trial* a, const Trial* b) { return place(*a) < place(*b); });
  return trials;
}

Json best_so_far(const ComparedRun& run, const PlaceOf& place) {
  Json steps = Json::array();
  const Trial* best = nullptr;
  const auto trials = in_order(run, place);
  for (const Trial* trial : trials) {
    if (best != nullptr && *utility(run.objective, *trial) <= *utility(run.objective, *best)) {
      continue;
    }
    best = trial;
    steps.push_back({place(*trial), trial->metrics.at(run.objective.metric)});
  }
  if (best != nullptr) {
    steps.push_back({place(*trials.back()), best->metrics.at(run.objective.metric)});
  }
  return steps;
}

double first_start(const std::vector<Trial>& trials) {
  double first = 0;
  for (const Trial& trial : trials) {
    if (trial.started > 0 && (first == 0 || trial.started < first)) first = trial.started;
  }
  return first;
}

Json run_json(const ComparedRun& run) {
  const double first = first_start(run.trials);
  int64_t failed = 0;
  double seconds = 0;
  for (const Trial& trial : run.trials) {
    failed += trial.state == TrialState::failed ? 1 : 0;
    seconds += trial.seconds;
  }
  Json json = {{"path", run.path},     {"name", run.name},
               {"folder", run.folder}, {"state", run.state},
               {"failed", failed},     {"count", run.trials.size()},
               {"seconds", seconds},   {"metric", run.objective.metric}};
  json["trials"] =
      best_so_far(run, [](const Trial& trial) { return static_cast<double>(trial.number); });
  json["time"] = best_so_far(run, [&](const Trial& trial) {
    return trial.started > 0 ? trial.started - first + trial.seconds : 0;
  });
  json["best"] = json["trials"].empty() ? Json() : json["trials"].back()[1];
  return json;
}

}  // namespace

Json comparison_data(std::span<const ComparedRun> runs) {
  Json json = {{"runs", Json::array()}};
  for (const ComparedRun& run : runs) json["runs"].push_back(run_json(run));
  return json;
}

std::string render_comparison(std::span<const ComparedRun> runs) {
  const Json data = comparison_data(runs);
  return render_page({"Runs", kBody, data, comparison_script()});
}

}  // namespace nas
