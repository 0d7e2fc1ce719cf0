#include <fmt/core.h>

#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/text.hpp"
#include "nas/hardware/latency_table.hpp"

namespace nas {
namespace {

/// Reads one file, and says where in it something is wrong.
class TableReader {
 public:
  explicit TableReader(const std::string& file) : file_(file) {}

  LatencyTable read() const {
    const Json json = parse_json_or_discard(read_file(file_));
    if (!json.is_object()) fail("", "no JSON object", "a latency table");
    LatencyTable table;
    table.file = file_;
    table.device = json.value("device", Json());
    table.versions = json.value("versions", Json());
    table.threads = whole(json, "threads");
    table.batch_size = whole(json, "batch_size");
    table.overhead = seconds(json, "overhead", "");
    if (!json.contains("entries") || !json["entries"].is_array()) {
      fail("", "no list 'entries'", "a latency table");
    }
    size_t number = 0;
    for (const auto& entry : json["entries"]) add(table, entry, number++);
    return table;
  }

 private:
  [[noreturn]] void fail(const std::string& where, const std::string& found,
                         const std::string& expected) const {
    throw InputError(fmt::format("{}: {}found {}, expected {}", file_, where, found, expected));
  }

  int64_t whole(const Json& json, const char* name) const {
    const Json value = json.value(name, Json());
    if (!value.is_number_integer() || value.get<int64_t>() < 1) {
      fail(fmt::format("{}: ", name), shown(value), "a whole number of at least 1");
    }
    return value.get<int64_t>();
  }

  double seconds(const Json& json, const char* name, const std::string& where) const {
    const Json value = json.value(name, Json());
    const double number = value.is_number() ? value.get<double>() : -1;
    if (!std::isfinite(number) || number < 0) {
      fail(fmt::format("{}{}: ", where, name), shown(value), "a number of seconds");
    }
    return number;
  }

  void add(LatencyTable& table, const Json& entry, size_t number) const {
    const std::string where = fmt::format("entries[{}]: ", number);
    const bool right = entry.is_object() && entry.contains("layer") && entry["layer"].is_string() &&
                       entry.contains("inputs") && entry["inputs"].is_array();
    if (!right) fail(where, shown(entry), "{layer, inputs, seconds}");
    LatencyKey key{entry["layer"].get<std::string>(), {}};
    for (const auto& input : entry["inputs"]) {
      if (!input.is_string()) fail(where, shown(input), "a shape");
      key.inputs.push_back(to_text(shape_from_text(input.get<std::string>())));
    }
    if (!table.entries.emplace(key, seconds(entry, "seconds", where)).second) {
      fail(where, to_text(key) + " again", "each layer once");
    }
  }

  static std::string shown(const Json& value) { return printable(value.dump()); }

  const std::string& file_;
};

}  // namespace

Json to_json(const LatencyTable& table) {
  Json entries = Json::array();
  for (const auto& [key, seconds] : table.entries) {
    entries.push_back({{"layer", key.layer}, {"inputs", key.inputs}, {"seconds", seconds}});
  }
  return {{"device", table.device},     {"versions", table.versions},
          {"threads", table.threads},   {"batch_size", table.batch_size},
          {"overhead", table.overhead}, {"entries", entries}};
}

LatencyTable read_latency_table(const std::string& file) { return TableReader(file).read(); }

}  // namespace nas
