#include "nas/report/summary_section.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "nas/core/text.hpp"
#include "nas/plan/draw.hpp"
#include "nas/report/figures.hpp"

namespace nas {
namespace {

constexpr size_t kNamedTrials = 8;

struct Counts {
  double seconds = 0;
  int64_t complete = 0;
  int64_t screened = 0;
  int64_t stopped = 0;
  int64_t running = 0;
};

Counts counts_of(std::span<const Trial> trials) {
  Counts counts;
  for (const auto& trial : trials) {
    counts.seconds += trial.seconds;
    if (trial.job == Job::screen) {
      ++counts.screened;
    } else if (trial.state == TrialState::complete) {
      ++counts.complete;
    } else if (trial.state == TrialState::stopped) {
      ++counts.stopped;
    } else if (trial.state == TrialState::running) {
      ++counts.running;
    }
  }
  return counts;
}

std::string search_sentence(std::span<const Trial> trials) {
  const Counts counts = counts_of(trials);
  std::string text =
      counts.screened == 0 ? "" : fmt::format("{} points were screened first. ", counts.screened);
  text += fmt::format("{} of {} trials gave a score in {} of computing", counts.complete,
                      static_cast<int64_t>(trials.size()) - counts.screened,
                      format_duration(counts.seconds));
  if (counts.stopped > 0) text += fmt::format("; {} were stopped early", counts.stopped);
  if (counts.running > 0) text += fmt::format("; {} are running", counts.running);
  return text + ".";
}

/// While the search goes on there is no file of the best yet.
std::string best_sentence(const ReportInput& input) {
  const auto& metric = input.objectives.front().metric;
  if (const auto value = figure_of(input.best, "metrics", metric)) {
    return fmt::format(" The best, trial {}, reached {} {}.", input.best.value("trial", int64_t{0}),
                       metric, figure_text(metric, *value));
  }
  const auto best = best_trial(input.trials, input.objectives);
  if (!best || !input.trials[*best].metrics.contains(metric)) return "";
  const Trial& trial = input.trials[*best];
  return fmt::format(" The best so far, trial {}, reached {} {}.", trial.number, metric,
                     figure_text(metric, trial.metrics.at(metric)));
}

struct Reason {
  std::string text;
  std::vector<int64_t> trials;
};

std::vector<Reason> reasons_of(std::span<const Trial> trials) {
  std::map<std::string, std::vector<int64_t>> groups;
  for (const auto& trial : trials) {
    if (!trial.failure) continue;
    groups[trial.failure->kind + ": " + trial.failure->reason].push_back(trial.number);
  }
  std::vector<Reason> reasons;
  reasons.reserve(groups.size());
  for (auto& [text, numbers] : groups) reasons.push_back({text, std::move(numbers)});
  std::stable_sort(reasons.begin(), reasons.end(), [](const Reason& a, const Reason& b) {
    return a.trials.size() > b.trials.size();
  });
  return reasons;
}

std::string numbers_text(const std::vector<int64_t>& numbers) {
  std::string text;
  for (size_t i = 0; i < std::min(numbers.size(), kNamedTrials); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", numbers[i]);
  }
  return text + (numbers.size() > kNamedTrials ? ", …" : "");
}

}  // namespace

std::string render_summary(const ReportInput& input) {
  std::string text = search_sentence(input.trials) + best_sentence(input);
  if (const auto test = retrained_text(input.best, "test_accuracy")) {
    const size_t seeds = input.best.value("retrain", Json::array()).size();
    text += fmt::format(" Trained from scratch {}, it labels {} of the test data rightly.",
                        seeds == 1 ? "once" : fmt::format("with {} seeds", seeds), *test);
  }
  return "<p class=\"lead\">" + escape_markup(text) + "</p>";
}

std::string render_failures(std::span<const Trial> trials) {
  std::string rows;
  for (const Reason& reason : reasons_of(trials)) {
    rows +=
        fmt::format("<tr><td>{}</td><td class=\"text\">{}</td><td class=\"text\">{}</td></tr>",
                    reason.trials.size(), escape_markup(reason.text), numbers_text(reason.trials));
  }
  if (rows.empty()) return "";
  return "<h2>Failed trials</h2><div class=\"wide\"><table><thead><tr><th>how many</th>"
         "<th>reason</th><th>trials</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>";
}

}  // namespace nas
