#include "nas/config/manual_section.hpp"

#include <limits>

namespace nas {
namespace {

template <class Range>
void limit(Json& record, const Range& range) {
  using Number = decltype(range.low);
  if (range.low > std::numeric_limits<Number>::lowest()) record["low"] = range.low;
  if (range.high < std::numeric_limits<Number>::max()) record["high"] = range.high;
  if (!range.unit.empty()) record["unit"] = range.unit;
}

}  // namespace

ManualSection::ManualSection(ManualRun& run, std::string path, Json& records)
    : run_(run), path_(std::move(path)), records_(records) {}

std::string ManualSection::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

Json& ManualSection::record(std::string_view name, std::string_view kind,
                            std::string_view meaning) {
  Json& record = records_[std::string(name)];
  if (record.is_null()) record = {{"kind", kind}, {"meaning", meaning}};
  return record;
}

Json& ManualSection::value(std::string_view name, std::string_view kind, std::string_view meaning,
                           Json default_value) {
  Json& made = record(name, kind, meaning);
  made["default"] = std::move(default_value);
  return made;
}

void ManualSection::boolean(std::string_view name, bool& value_now, std::string_view meaning) {
  value(name, "boolean", meaning, value_now);
}

void ManualSection::integer(std::string_view name, int64_t& value_now, const IntegerRange& range,
                            std::string_view meaning) {
  limit(value(name, "integer", meaning, value_now), range);
}

void ManualSection::real(std::string_view name, double& value_now, const RealRange& range,
                         std::string_view meaning) {
  limit(value(name, "real", meaning, value_now), range);
}

void ManualSection::duration(std::string_view name, double& seconds, const RealRange& range,
                             std::string_view meaning) {
  limit(value(name, "duration", meaning, seconds), RealRange{range.low, range.high, "seconds"});
}

void ManualSection::text(std::string_view name, std::string& value_now, std::string_view meaning) {
  value(name, "text", meaning, value_now);
}

void ManualSection::one_of(std::string_view name, std::string& value_now,
                           std::span<const std::string_view> allowed, std::string_view meaning) {
  const std::vector<std::string> names(allowed.begin(), allowed.end());
  value(name, "choice", meaning, value_now)["allowed"] = names;
  if (name != "type") return;
  run_.types.emplace_back(path_, names);
  const auto chosen = run_.chosen.find(path_);
  if (chosen != run_.chosen.end()) value_now = chosen->second;
}

void ManualSection::texts(std::string_view name, std::vector<std::string>& values,
                          std::string_view meaning) {
  value(name, "texts", meaning, values);
}

void ManualSection::path(std::string_view name, std::string& value_now, std::string_view meaning) {
  value(name, "path", meaning, value_now);
}

void ManualSection::nested(std::string_view name, std::string_view kind, std::string_view meaning,
                           const std::function<void(Section&)>& describe) {
  // A copy, because records move while the description adds keys to this section.
  Json keys = record(name, kind, meaning).value("keys", Json::object());
  ManualSection child(run_, path_of(name), keys);
  describe(child);
  record(name, kind, meaning)["keys"] = std::move(keys);
}

void ManualSection::section(std::string_view name, std::string_view meaning,
                            const std::function<void(Section&)>& describe) {
  nested(name, "section", meaning, describe);
}

void ManualSection::items(std::string_view name, std::string_view meaning,
                          const std::function<void(Section&)>& describe) {
  nested(name, "items", meaning, describe);
}

void ManualSection::entries(std::string_view name, std::string_view meaning,
                            const std::function<void(const std::string&, Section&)>& describe) {
  nested(name, "entries", meaning, [&](Section& entry) { describe("NAME", entry); });
}

void ManualSection::scalars(std::string_view name,
                            std::vector<std::pair<std::string, std::string>>& values,
                            std::string_view meaning) {
  Json default_value = Json::object();
  for (const auto& [key, text] : values) default_value[key] = text;
  value(name, "scalars", meaning, std::move(default_value));
}

void ManualSection::text_lists(std::string_view name, TextLists& values, std::string_view meaning) {
  Json default_value = Json::object();
  for (const auto& [key, texts] : values) default_value[key] = texts;
  value(name, "text_lists", meaning, std::move(default_value));
}

void ManualSection::program(std::string_view name, std::vector<std::string>& command,
                            std::string_view meaning) {
  value(name, "program", meaning, command);
}

void ManualSection::required(std::initializer_list<std::string_view> names) {
  for (const auto name : names) run_.required.insert(path_of(name));
}

bool ManualSection::has(std::string_view) const { return true; }

void ManualSection::mistake(std::string_view, const std::string&) {}

}  // namespace nas
