#include "nas/report/report_data.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>
#include <span>

#include "nas/core/json.hpp"

namespace nas {
namespace {

constexpr std::array kJobs{Job::evaluate, Job::supernet, Job::screen, Job::retrain};
constexpr std::array kStates{TrialState::waiting, TrialState::running, TrialState::complete,
                             TrialState::stopped, TrialState::failed};

/// Six digits are more than a screen shows; JSON has no infinity.
Json rounded(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

template <class Values, class Value>
size_t place_of(const Values& values, Value value) {
  return static_cast<size_t>(std::find(values.begin(), values.end(), value) - values.begin());
}

double first_start(std::span<const Trial> trials) {
  double first = 0;
  for (const Trial& trial : trials) {
    if (trial.started > 0 && (first == 0 || trial.started < first)) first = trial.started;
  }
  return first;
}

/// What is kept is counted in seconds after the first start of then.
size_t unchanged(std::span<const Trial> trials, size_t kept) {
  if (kept > trials.size()) return 0;
  return first_start(trials.first(kept)) == first_start(trials) ? kept : 0;
}

Json trial_columns(const ReportInput& input, size_t from) {
  Json columns = {{"from", from}};
  const double first = first_start(input.trials);
  for (const char* name :
       {"number", "job", "state", "started", "seconds", "budget", "arch", "reason"}) {
    columns[name] = Json::array();
  }
  for (size_t i = from; i < input.trials.size(); ++i) {
    const Trial& trial = input.trials[i];
    columns["number"].push_back(trial.number);
    columns["job"].push_back(place_of(kJobs, trial.job));
    columns["state"].push_back(place_of(kStates, trial.state));
    columns["started"].push_back(trial.started > 0 ? rounded(trial.started - first) : Json());
    columns["seconds"].push_back(rounded(trial.seconds));
    columns["budget"].push_back(rounded(trial.budget));
    columns["arch"].push_back(input.architectures[i]);
    columns["reason"].push_back(trial.failure ? trial.failure->kind + ": " + trial.failure->reason
                                              : "");
  }
  return columns;
}

Json metric_columns(std::span<const Trial> trials) {
  std::set<std::string> names;
  for (const Trial& trial : trials) {
    for (const auto& [name, value] : trial.metrics) names.insert(name);
  }
  Json columns = Json::object();
  for (const std::string& name : names) {
    Json& column = columns[name] = Json::array();
    for (const Trial& trial : trials) {
      const auto metric = trial.metrics.find(name);
      column.push_back(metric == trial.metrics.end() ? Json() : rounded(metric->second));
    }
  }
  return columns;
}

Json value_json(const Trial& trial, size_t choice) {
  if (!trial.point) return nullptr;
  const Value& value = trial.point->values[choice];
  if (const auto* whole = std::get_if<int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value)) return rounded(*real);
  return nullptr;
}

bool is_log(const Choice& choice) {
  const auto* real = std::get_if<RealInterval>(&choice.domain);
  const auto* whole = std::get_if<IntegerInterval>(&choice.domain);
  return (real != nullptr && real->log) || (whole != nullptr && whole->log);
}

Json choice_columns(const ReportInput& input, size_t from) {
  Json columns = Json::array();
  for (size_t i = 0; i < input.choices.size(); ++i) {
    const Choice& choice = input.choices[i];
    const auto* options = std::get_if<Categorical>(&choice.domain);
    Json column = {{"name", choice.name},
                   {"options", options != nullptr ? Json(options->options) : Json()},
                   {"log", is_log(choice)},
                   {"values", Json::array()}};
    for (const Trial& trial : std::span(input.trials).subspan(from)) {
      column["values"].push_back(value_json(trial, i));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

Json curve_json(const Curve& curve) {
  Json json = {{"label", curve.label}, {"x", Json::array()}, {"y", Json::array()}};
  for (const auto& [step, value] : curve.values) {
    json["x"].push_back(step);
    json["y"].push_back(rounded(value));
  }
  return json;
}

Json groups_json(const std::vector<CurveGroup>& groups) {
  Json json = Json::array();
  for (const CurveGroup& group : groups) {
    Json curves = Json::array();
    for (const Curve& curve : group.curves) curves.push_back(curve_json(curve));
    json.push_back({{"title", group.title}, {"unit", group.unit}, {"curves", std::move(curves)}});
  }
  return json;
}

Json trial_curve_json(const TrialCurve& curve) {
  Json metrics = Json::object();
  for (const CurvePoint& point : curve.points) {
    for (const auto& [name, value] : point.metrics) {
      metrics[name]["x"].push_back(point.step);
      metrics[name]["y"].push_back(rounded(value));
    }
  }
  return {{"number", curve.number}, {"metrics", std::move(metrics)}};
}

Json rounded_tree(const Json& tree) {
  if (tree.is_number_float()) return rounded(tree.get<double>());
  if (!tree.is_array()) return tree.is_number() ? tree : Json();
  Json copy = Json::array();
  for (const Json& part : tree) copy.push_back(rounded_tree(part));
  return copy;
}

Json supernet_json(const SupernetHistory& supernet) {
  const Json& epochs = supernet.history.at("epochs");
  Json json = {{"number", supernet.number},
               {"groups", Json::array()},
               {"epochs", Json::array()},
               {"metrics", Json::object()}};
  for (const Json& group : supernet.history.at("groups")) {
    const auto name = group.at("name").get<std::string>();
    Json weights = Json::array();
    for (const Json& epoch : epochs) {
      weights.push_back(rounded_tree(epoch.at("probabilities").at(name)));
    }
    json["groups"].push_back(
        {{"name", name}, {"options", group.at("options")}, {"epochs", std::move(weights)}});
  }
  for (const Json& epoch : epochs) {
    json["epochs"].push_back(epoch.at("epoch"));
    for (const auto& [name, value] : epoch.at("metrics").items()) {
      json["metrics"][name].push_back(rounded_tree(value));
    }
  }
  return json;
}

/// Without those whose file is damaged.
Json supernets_json(const std::vector<SupernetHistory>& supernets) {
  Json json = Json::array();
  for (const SupernetHistory& supernet : supernets) {
    try {
      json.push_back(supernet_json(supernet));
    } catch (const Json::exception&) {
      continue;
    }
  }
  return json;
}

template <class Values>
Json names_of(const Values& values) {
  Json names = Json::array();
  for (const auto value : values) names.push_back(to_text(value));
  return names;
}

}  // namespace

Json report_data(const ReportInput& input, size_t kept) {
  const size_t from = unchanged(input.trials, kept);
  Json data = {{"name", input.name}, {"jobs", names_of(kJobs)}, {"states", names_of(kStates)}};
  data["objectives"] = Json::array();
  for (const Objective& objective : input.objectives) {
    data["objectives"].push_back(
        {{"metric", objective.metric},
         {"goal", objective.goal == Goal::maximize ? "maximize" : "minimize"}});
  }
  data["front"] = input.objectives.size() > 1 ? Json(pareto_front(input.trials, input.objectives))
                                              : Json::array();
  data["trials"] = trial_columns(input, from);
  data["trials"]["metrics"] = metric_columns(std::span(input.trials).subspan(from));
  data["choices"] = choice_columns(input, from);
  data["curves"] = groups_json(input.curves);
  data["trial_curves"] = Json::array();
  for (const TrialCurve& curve : input.trial_curves) {
    data["trial_curves"].push_back(trial_curve_json(curve));
  }
  data["supernets"] = supernets_json(input.supernets);
  return data;
}

std::string script_json(const Json& json) {
  // Bytes that are no text, in a reason or a name, must not end the report. Only ASCII is left, so
  // that no character ends a line for JavaScript; neither a tag nor a comment can begin without <.
  const auto text = json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace nas
