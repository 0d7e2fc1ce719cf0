#include "nas/report/spending_section.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/text.hpp"
#include "nas/plan/draw.hpp"

namespace nas {
namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kWattsPerKilowatt = 1000;

/// A row of the table: trials that ended alike.
struct Spent {
  const char* what;
  int64_t trials = 0;
  double seconds = 0;
};

double kilowatt_hours(const ReportConfig& costs, double seconds) {
  return costs.power / kWattsPerKilowatt * seconds / kSecondsPerHour;
}

double money(const ReportConfig& costs, double seconds) {
  return costs.price_per_hour * seconds / kSecondsPerHour +
         costs.price_per_kwh * kilowatt_hours(costs, seconds);
}

bool knows_money(const ReportConfig& costs) {
  return costs.price_per_hour > 0 || costs.price_per_kwh > 0;
}

std::string row(const Spent& spent, const ReportConfig& costs) {
  std::string out = fmt::format("<tr><th>{}</th><td>{}</td><td>{}</td>", spent.what, spent.trials,
                                format_duration(spent.seconds));
  if (costs.power > 0)
    out += fmt::format("<td>{:.4g} kWh</td>", kilowatt_hours(costs, spent.seconds));
  if (knows_money(costs)) {
    out += fmt::format("<td>{:.2f} {}</td>", money(costs, spent.seconds),
                       escape_markup(costs.currency));
  }
  return out + "</tr>";
}

std::string estimate_note(const ReportConfig& costs) {
  std::string text;
  if (costs.power > 0) text += fmt::format("Energy: estimated at {:g} W a worker. ", costs.power);
  if (costs.price_per_hour > 0) {
    text +=
        fmt::format("Money: {:g} {} an hour of a worker. ", costs.price_per_hour, costs.currency);
  }
  if (costs.price_per_kwh > 0) {
    text += fmt::format("{:g} {} a kWh.", costs.price_per_kwh, costs.currency);
  }
  if (text.empty()) {
    text =
        "Give stages.report price_per_hour, or power and price_per_kwh, to have energy and money "
        "estimated.";
  }
  return "<p class=\"note\">" + escape_markup(text) + "</p>";
}

std::vector<Spent> spent_by_state(const std::vector<Trial>& trials) {
  Spent complete{"with a score"};
  Spent stopped{"stopped early"};
  Spent failed{"failed"};
  Spent open{"not ended"};
  for (const Trial& trial : trials) {
    Spent& spent = trial.state == TrialState::complete  ? complete
                   : trial.state == TrialState::stopped ? stopped
                   : trial.state == TrialState::failed  ? failed
                                                        : open;
    ++spent.trials;
    spent.seconds += trial.seconds;
  }
  return {complete, stopped, failed, open};
}

/// From the first start to the last end; how long people waited.
double elapsed(const std::vector<Trial>& trials) {
  double first = 0;
  double last = 0;
  for (const Trial& trial : trials) {
    if (trial.started <= 0) continue;
    if (first == 0 || trial.started < first) first = trial.started;
    last = std::max(last, trial.started + trial.seconds);
  }
  return last - first;
}

}  // namespace

std::string render_spending(const ReportInput& input) {
  if (input.trials.empty()) return "";
  const ReportConfig& costs = input.costs;
  std::string head = "<th>trials</th><th>how many</th><th>computing</th>";
  if (costs.power > 0) head += "<th>energy</th>";
  if (knows_money(costs)) head += "<th>money</th>";
  std::string rows;
  Spent total{"all"};
  for (const Spent& spent : spent_by_state(input.trials)) {
    if (spent.trials == 0) continue;
    rows += row(spent, costs);
    total.trials += spent.trials;
    total.seconds += spent.seconds;
  }
  return fmt::format(
      "<h2>Cost of the search</h2><p>{} from the first trial's start to the last one's end.</p>"
      "<div class=\"wide\"><table><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table></div>{}",
      format_duration(elapsed(input.trials)), head, rows, row(total, costs), estimate_note(costs));
}

}  // namespace nas
