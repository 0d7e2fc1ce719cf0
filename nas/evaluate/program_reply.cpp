#include "nas/evaluate/program_reply.hpp"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <optional>

#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

/// The line with NaN and Infinity, which are no JSON, as null; texts stay as they are.
std::string without_infinities(std::string_view line) {
  static constexpr std::array<std::string_view, 3> kWords{"NaN", "-Infinity", "Infinity"};
  std::string out;
  bool quoted = false;
  for (size_t i = 0; i < line.size();) {
    std::string_view word;
    for (const auto candidate : kWords) {
      if (!quoted && word.empty() && line.substr(i).starts_with(candidate)) word = candidate;
    }
    if (!word.empty()) {
      out += "null";
      i += word.size();
      continue;
    }
    if (line[i] == '"') quoted = !quoted;
    const size_t length = quoted && line[i] == '\\' ? 2 : 1;  // an escaped quote ends no text
    out += line.substr(i, length);
    i += length;
  }
  return out;
}

std::optional<Json> parse(std::string_view line) {
  Json json = parse_json_or_discard(line);
  if (json.is_discarded()) json = parse_json_or_discard(without_infinities(line));
  return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

Garbage garbage(std::string_view line, std::string_view problem) {
  return {fmt::format("the program said '{}', {}", printable(line), problem)};
}

ProgramReply progress_of(const Json& json, std::string_view line) {
  const Json& done = json.at("progress");
  if (!done.is_number()) return garbage(line, "expected a number after \"progress\"");
  Progress progress;
  progress.unit = "step";
  progress.done = static_cast<int64_t>(std::min(std::max(done.get<double>(), 0.0), 0x1p62));
  const auto metrics = json.find("metrics");
  if (metrics == json.end() || !metrics->is_object()) return progress;
  for (const auto& [name, value] : metrics->items()) {
    if (value.is_number()) progress.metrics[name] = value.get<double>();
  }
  return progress;
}

ProgramReply score_of(const Json& metrics, std::string_view line) {
  if (!metrics.is_object()) return garbage(line, "expected an object after \"metrics\"");
  if (metrics.empty()) return Outcome(Failure{"error", "the program reported no metric"});
  Score score;
  for (const auto& [name, value] : metrics.items()) {
    if (!value.is_number() && !value.is_null()) {
      return garbage(line, fmt::format("expected a number for metric {}", printable(name)));
    }
    if (value.is_null() || !std::isfinite(value.get<double>())) {
      return Outcome(
          Failure{"nan", fmt::format("metric {} is not a finite number", printable(name))});
    }
    score.metrics[name] = value.get<double>();
  }
  return Outcome(std::move(score));
}

}  // namespace

ProgramReply program_reply(std::string_view line) {
  const auto json = parse(line);
  if (json && json->contains("progress")) return progress_of(*json, line);
  if (json && json->contains("error")) {
    const Json& error = json->at("error");
    const std::string text = error.is_string() ? error.get<std::string>() : error.dump();
    return Outcome(Failure{"error", printable(text)});
  }
  if (json && json->contains("metrics")) return score_of(json->at("metrics"), line);
  return garbage(line,
                 "expected a line of JSON with \"metrics\", \"progress\" or \"error\"; other "
                 "output belongs on standard error");
}

}  // namespace nas
