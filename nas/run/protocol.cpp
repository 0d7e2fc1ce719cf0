#include "nas/run/protocol.hpp"

#include <fmt/core.h>

#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"

namespace nas {
namespace {

Json parse(std::string_view line) {
  try {
    return parse_json(line);
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("a worker's line: {}: {}", error.what(), line.substr(0, 200)));
  }
}

Json point_json(const Choices& choices, const std::optional<Point>& point) {
  return point ? to_json(choices, *point) : Json(nullptr);
}

Json origin_json(const Choices& choices, const std::optional<Origin>& origin) {
  if (!origin) return nullptr;
  return {{"number", origin->number}, {"point", to_json(choices, origin->point)}};
}

std::optional<Point> point_of(const Choices& choices, const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(point_from_json(choices, json));
}

struct Encode {
  const Choices& choices;

  Json operator()(const WorkerReady& ready) const { return {{"ready", Json::parse(ready.device)}}; }
  Json operator()(const WorkerWarning& warning) const { return {{"warning", warning.text}}; }
  Json operator()(const WorkerMemory& memory) const {
    return {{"memory", {{"used", memory.used}, {"total", memory.total}}}};
  }
  Json operator()(const WorkerInterrupted&) const { return {{"interrupted", true}}; }
  Json operator()(const Progress& progress) const {
    return {{"progress",
             {{"done", progress.done},
              {"total", progress.total},
              {"unit", progress.unit},
              {"metrics", Json(progress.metrics)}}}};
  }
  Json operator()(const Outcome& outcome) const {
    if (const auto* failure = std::get_if<Failure>(&outcome)) {
      return {{"failure", {{"kind", failure->kind}, {"reason", failure->reason}}}};
    }
    const auto& score = std::get<Score>(outcome);
    return {{"score",
             {{"metrics", Json(score.metrics)},
              {"derived", point_json(choices, score.derived)},
              {"curve", to_json(score.curve)},
              {"stopped", score.stopped}}}};
  }
};

/// JSON has no NaN: it arrives as null, and makes the candidate a failed one.
Outcome outcome_of(const Choices& choices, const Json& score) {
  Metrics metrics;
  for (const auto& [name, value] : score.at("metrics").items()) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      return Failure{"nan", fmt::format("metric {} is not a finite number", name)};
    }
    metrics[name] = value.get<double>();
  }
  return Score{metrics, point_of(choices, score.at("derived")),
               curve_from_json(score.value("curve", Json::array())), score.value("stopped", false)};
}

Progress progress_of(const Json& json) {
  Progress progress;
  progress.done = whole_number(json.at("done"));
  progress.total = whole_number(json.at("total"));
  progress.unit = json.at("unit") == "step" ? "step" : "epoch";
  for (const auto& [name, value] : json.at("metrics").items()) {
    if (value.is_number()) progress.metrics[name] = value.get<double>();
  }
  return progress;
}

}  // namespace

std::string encode(const Choices& choices, const Assignment& assignment) {
  return Json{{"number", assignment.number},
              {"job", to_text(assignment.job)},
              {"point", point_json(choices, assignment.point)},
              {"budget", assignment.budget},
              {"seed", assignment.seed},
              {"folder", assignment.folder.string()},
              {"cutoffs", assignment.cutoffs ? to_json(*assignment.cutoffs) : Json(nullptr)},
              {"origin", origin_json(choices, assignment.origin)}}
      .dump();
}

Assignment assignment_from(const Choices& choices, std::string_view line) {
  const Json json = parse(line);
  try {
    Assignment assignment;
    assignment.number = whole_number(json.at("number"));
    assignment.job = job_from_text(json.at("job").get<std::string>());
    assignment.point = point_of(choices, json.at("point"));
    assignment.budget = json.at("budget").get<double>();
    assignment.seed = static_cast<uint64_t>(whole_number(json.at("seed")));
    assignment.folder = json.at("folder").get<std::string>();
    const Json& cutoffs = json.at("cutoffs");
    if (!cutoffs.is_null()) assignment.cutoffs = cutoffs_from_json(cutoffs);
    const Json& origin = json.at("origin");
    if (!origin.is_null()) {
      assignment.origin =
          Origin{whole_number(origin.at("number")), point_from_json(choices, origin.at("point"))};
    }
    return assignment;
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("an assignment: {}", error.what()));
  }
}

std::string encode(const Choices& choices, const WorkerMessage& message) {
  return std::visit(Encode{choices}, message).dump(-1, ' ', false, Json::error_handler_t::replace);
}

WorkerMessage message_from(const Choices& choices, std::string_view line) {
  const Json json = parse(line);
  try {
    if (json.contains("progress")) return progress_of(json.at("progress"));
    if (json.contains("score")) return outcome_of(choices, json.at("score"));
    if (json.contains("failure")) {
      const Json& failure = json.at("failure");
      return Outcome(
          Failure{failure.at("kind").get<std::string>(), failure.at("reason").get<std::string>()});
    }
    if (json.contains("warning")) return WorkerWarning{json.at("warning").get<std::string>()};
    if (json.contains("ready")) return WorkerReady{json.at("ready").dump()};
    if (json.contains("memory")) {
      const Json& memory = json.at("memory");
      return WorkerMemory{whole_number(memory.at("used")), whole_number(memory.at("total"))};
    }
    if (json.contains("interrupted")) return WorkerInterrupted{};
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("a worker's line: {}", error.what()));
  }
  throw InputError(fmt::format("a worker's line: found {}", line.substr(0, 200)));
}

}  // namespace nas
