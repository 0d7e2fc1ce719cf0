#include "nas/report/tensorboard.hpp"

#include <array>
#include <protozero/pbf_builder.hpp>

#include "nas/core/json.hpp"

namespace nas {
namespace {

// Field numbers of event.proto, summary.proto and plugins/hparams/plugin_data.proto.
enum class Event : protozero::pbf_tag_type {
  wall_time = 1,
  step = 2,
  file_version = 3,
  summary = 5
};
enum class Summary : protozero::pbf_tag_type { value = 1 };
enum class SummaryValue : protozero::pbf_tag_type { tag = 1, simple_value = 2, metadata = 9 };
enum class Metadata : protozero::pbf_tag_type { plugin_data = 1 };
enum class Plugin : protozero::pbf_tag_type { name = 1, content = 2 };
enum class Hparams : protozero::pbf_tag_type { version = 1, session_start = 3, session_end = 4 };
enum class Start : protozero::pbf_tag_type { hparams = 1, group_name = 4, start_time = 5 };
enum class End : protozero::pbf_tag_type { status = 1, end_time = 2 };
enum class Entry : protozero::pbf_tag_type { key = 1, value = 2 };
enum class Any : protozero::pbf_tag_type { number = 2, text = 3 };

constexpr int32_t kSuccess = 1;
constexpr int32_t kFailure = 2;

std::string little_endian(uint64_t number, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text.push_back(static_cast<char>(number >> (8 * i) & 0xFFU));
  return text;
}

std::string checksum(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return little_endian(((crc >> 15U | crc << 17U) + 0xA282EAD8U) & 0xFFFFFFFFU, 4);
}

std::string record(const std::string& message) {
  const std::string length = little_endian(message.size(), 8);
  return length + checksum(length) + message + checksum(message);
}

// Builders set the lengths of their messages as they go.

std::string plugin_record(double time, const char* tag, const std::string& content) {
  std::string message;
  {
    protozero::pbf_builder<Event> event(message);
    event.add_double(Event::wall_time, time);
    protozero::pbf_builder<Summary> summary(event, Event::summary);
    protozero::pbf_builder<SummaryValue> value(summary, Summary::value);
    value.add_string(SummaryValue::tag, tag);
    protozero::pbf_builder<Metadata> metadata(value, SummaryValue::metadata);
    protozero::pbf_builder<Plugin> plugin(metadata, Metadata::plugin_data);
    plugin.add_string(Plugin::name, "hparams");
    plugin.add_bytes(Plugin::content, content);
  }
  return message;
}

std::string start_content(const HyperparameterSession& session) {
  std::string content;
  {
    protozero::pbf_builder<Hparams> hparams(content);
    hparams.add_int32(Hparams::version, 0);
    protozero::pbf_builder<Start> start(hparams, Hparams::session_start);
    for (const auto& [name, chosen] : session.values) {
      protozero::pbf_builder<Entry> entry(start, Start::hparams);
      entry.add_string(Entry::key, name);
      protozero::pbf_builder<Any> value(entry, Entry::value);
      if (const auto* number = std::get_if<double>(&chosen)) {
        value.add_double(Any::number, *number);
      } else {
        value.add_string(Any::text, std::get<std::string>(chosen));
      }
    }
    start.add_string(Start::group_name, session.name);
    start.add_double(Start::start_time, session.started);
  }
  return content;
}

std::string end_content(const HyperparameterSession& session) {
  std::string content;
  {
    protozero::pbf_builder<Hparams> hparams(content);
    hparams.add_int32(Hparams::version, 0);
    protozero::pbf_builder<End> end(hparams, Hparams::session_end);
    end.add_enum(End::status, session.succeeded ? kSuccess : kFailure);
    end.add_double(End::end_time, session.ended);
  }
  return content;
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  constexpr uint32_t kPolynomial = 0x82F63B78U;  // its bits in reverse
  uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? kPolynomial : 0);
  }
  return ~crc;
}

std::string event_file_start(double time) {
  std::string message;
  protozero::pbf_builder<Event> event(message);
  event.add_double(Event::wall_time, time);
  event.add_string(Event::file_version, "brain.Event:2");
  return record(message);
}

std::string scalar_record(double time, int64_t step, const Metrics& scalars) {
  std::string message;
  {
    protozero::pbf_builder<Event> event(message);
    event.add_double(Event::wall_time, time);
    event.add_int64(Event::step, step);
    protozero::pbf_builder<Summary> summary(event, Event::summary);
    for (const auto& [tag, number] : scalars) {
      protozero::pbf_builder<SummaryValue> value(summary, Summary::value);
      value.add_string(SummaryValue::tag, tag);
      value.add_float(SummaryValue::simple_value, static_cast<float>(number));
    }
  }
  return record(message);
}

std::string session_records(const HyperparameterSession& session) {
  return record(plugin_record(session.started, "_hparams_/session_start_info",
                              start_content(session))) +
         record(plugin_record(session.ended, "_hparams_/session_end_info", end_content(session)));
}

HyperparameterSession session_of(const Trial& trial, const Choices& choices) {
  HyperparameterSession session;
  session.name = "trial " + std::to_string(trial.number);
  session.started = trial.started;
  session.ended = trial.started + trial.seconds;
  session.succeeded = !trial.failure;
  const Json point = to_json(choices, trial)["point"];
  if (!point.is_object()) return session;
  for (const auto& [name, value] : point.items()) {
    if (value.is_null()) continue;
    if (value.is_number()) {
      session.values.emplace_back(name, value.get<double>());
    } else {
      session.values.emplace_back(name,
                                  value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  return session;
}

}  // namespace nas
