#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/evaluate/table.hpp"

namespace nas {
namespace {

struct CsvRecord {
  std::vector<std::string> fields;
  int64_t line = 0;
};

/// RFC 4180: quoted fields may hold commas, line ends and doubled quotes.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::optional<CsvRecord> next() {
    if (position_ >= text_.size()) return std::nullopt;
    CsvRecord record{{}, line_};
    do {
      record.fields.push_back(field());
    } while (accept(','));
    accept('\r');
    if (!accept('\n') && position_ < text_.size()) fail("found text after a closing quote");
    ++line_;
    return record;
  }

 private:
  [[noreturn]] void fail(const char* problem) const {
    throw InputError(fmt::format("{}:{}: {}", file_, line_, problem));
  }
  bool accept(char c) {
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  std::string field() {
    if (accept('"')) return quoted();
    const size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
    std::string value(text_.substr(position_, end - position_));
    position_ = end;
    return value;
  }
  std::string quoted() {
    std::string value;
    while (true) {
      if (position_ >= text_.size()) fail("found the end of the file inside quotes");
      const char c = text_[position_++];
      if (c == '"' && !accept('"')) return value;
      if (c == '\n') ++line_;
      value += c;
    }
  }

  std::string_view text_;
  const std::string& file_;
  size_t position_ = 0;
  int64_t line_ = 1;
};

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

BenchmarkTable read_csv(const std::string& path, const std::string& key) {
  const std::string text = read_file(path);
  CsvReader reader(text, path);
  const auto header = reader.next();
  if (!header) throw InputError(path + ": found an empty file, expected a header line");
  const auto column = std::find(header->fields.begin(), header->fields.end(), key);
  if (column == header->fields.end()) {
    throw InputError(fmt::format("{}:1: found no column '{}'", path, key));
  }
  const auto key_index = static_cast<size_t>(column - header->fields.begin());
  BenchmarkTable table{path, {}};
  while (const auto record = reader.next()) {
    if (record->fields.size() != header->fields.size()) {
      throw InputError(fmt::format("{}:{}: found {} fields, expected {}", path, record->line,
                                   record->fields.size(), header->fields.size()));
    }
    BenchmarkTable::Row row{record->fields[key_index], record->line, {}};
    for (size_t i = 0; i < record->fields.size(); ++i) {
      const auto number = number_of(record->fields[i]);
      if (number && i != key_index) row.numbers[header->fields[i]] = *number;
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Metrics numbers_of(const Json& object) {
  Metrics metrics;
  for (const auto& [name, value] : object.items()) {
    if (value.is_number()) metrics[name] = value.get<double>();
    const bool list =
        value.is_array() && !value.empty() &&
        std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_number(); });
    if (list) metrics[name] = mean(value.get<std::vector<double>>());
  }
  return metrics;
}

BenchmarkTable read_json(const std::string& path, const std::string& key) {
  BenchmarkTable table{path, {}};
  Json json;
  try {
    json = Json::parse(read_file(path));
  } catch (const Json::parse_error& error) {
    throw InputError(fmt::format("{}: {}", path, error.what()));
  }
  for (const auto& [name, value] : json.items()) {
    if (!value.is_object() || (json.is_array() && !value.contains(key))) {
      throw InputError(fmt::format("{}: entry {}: expected an object{}", path, name,
                                   json.is_array() ? " with key '" + key + "'" : ""));
    }
    const std::string text = json.is_array() ? value[key].get<std::string>() : name;
    table.rows.push_back({text, 0, numbers_of(value)});
  }
  return table;
}

}  // namespace

BenchmarkTable read_table(const std::string& path, const std::string& key) {
  const bool is_json = std::filesystem::path(path).extension() == ".json";
  return is_json ? read_json(path, key) : read_csv(path, key);
}

}  // namespace nas
