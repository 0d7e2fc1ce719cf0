#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/text.hpp"
#include "nas/data/text_table.hpp"
#include "nas/evaluate/table.hpp"

namespace nas {
namespace {

std::string quoted(const std::string& text) { return fmt::format("'{}'", printable(text)); }

BenchmarkTable read_csv(const std::string& path, const std::string& key) {
  const std::string text = read_file(path);
  CsvReader reader(text, path);
  const auto header = reader.next();
  if (!header) throw InputError(path + ": found an empty file, expected a header line");
  BenchmarkTable table{path, BenchmarkTable::Form::csv, {}, {}};
  for (const CsvCell& cell : *header) table.columns.push_back(cell.text);
  table.require(key);
  const auto place = std::find(table.columns.begin(), table.columns.end(), key);
  const auto key_index = static_cast<size_t>(place - table.columns.begin());
  while (const auto record = reader.next()) {
    if (record->size() != header->size()) {
      throw InputError(fmt::format("{}:{}: found {} fields, expected {}", path,
                                   record->front().line, record->size(), header->size()));
    }
    BenchmarkTable::Row row{(*record)[key_index].text, record->front().line, {}};
    for (size_t i = 0; i < record->size(); ++i) {
      const std::string& cell = (*record)[i].text;
      if (i == key_index) continue;
      if (const auto number = finite_number(cell)) {
        row.numbers[table.columns[i]] = *number;
      } else if (!is_missing(cell)) {
        row.others[table.columns[i]] = quoted(cell);
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

bool says_nothing(const Json& value) {
  return value.is_null() || (value.is_array() && value.empty()) ||
         (value.is_string() && is_missing(value.get_ref<const std::string&>()));
}

/// Of a number, or of a list of numbers.
std::optional<double> number_in(const Json& value) {
  if (value.is_number()) return value.get<double>();
  const bool list =
      value.is_array() && !value.empty() &&
      std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_number(); });
  return list ? std::optional(mean(value.get<std::vector<double>>())) : std::nullopt;
}

std::string called(const Json& value) {
  if (value.is_string()) return quoted(value.get_ref<const std::string&>());
  if (value.is_array()) return "a list that is not of numbers alone";
  return value.is_object() ? "an object" : value.dump();
}

void read_entry(const Json& entry, BenchmarkTable::Row& row) {
  for (const auto& [column, value] : entry.items()) {
    if (const auto number = number_in(value)) {
      row.numbers[column] = *number;
    } else if (!says_nothing(value)) {
      row.others[column] = called(value);
    }
  }
}

/// Those of all entries.
std::vector<std::string> columns_of(const Json& entries) {
  std::vector<std::string> columns;
  std::set<std::string> seen;
  for (const Json& entry : entries) {
    for (const auto& [column, value] : entry.items()) {
      if (seen.insert(column).second) columns.push_back(column);
    }
  }
  return columns;
}

Json parse_entries(const std::string& path) {
  try {
    Json json = parse_json(read_file(path));
    if (json.is_array() || json.is_object()) return json;
  } catch (const Json::parse_error& error) {
    throw InputError(fmt::format("{}: {}", path, error.what()));
  }
  throw InputError(path + ": expected an array of objects, or an object of them");
}

BenchmarkTable read_json(const std::string& path, const std::string& key) {
  const Json json = parse_entries(path);
  const bool array = json.is_array();
  BenchmarkTable table{
      path, array ? BenchmarkTable::Form::array : BenchmarkTable::Form::object, {}, {}};
  for (const auto& [name, value] : json.items()) {
    BenchmarkTable::Row row{name, std::ssize(table.rows), {}};
    const bool keyed =
        !array || (value.is_object() && value.contains(key) && value[key].is_string());
    if (!value.is_object() || !keyed) {
      throw InputError(fmt::format("{}: expected an object{}", table.place(row),
                                   array ? " with a text at '" + key + "'" : ""));
    }
    if (array) row.key = value[key].get<std::string>();
    read_entry(value, row);
    table.rows.push_back(std::move(row));
  }
  table.columns = columns_of(json);
  return table;
}

}  // namespace

std::string BenchmarkTable::name(const Row& row) const {
  if (form == Form::object) return fmt::format("entry '{}'", printable(row.key));
  return fmt::format("{} {}", form == Form::csv ? "line" : "entry", row.number);
}

std::string BenchmarkTable::place(const Row& row) const {
  return form == Form::csv ? fmt::format("{}:{}", file, row.number)
                           : fmt::format("{}: {}", file, name(row));
}

void BenchmarkTable::require(const std::string& column) const {
  if (std::find(columns.begin(), columns.end(), column) != columns.end()) return;
  std::vector<std::string> names;
  for (const std::string& name : columns) names.push_back(printable(name));
  throw InputError(fmt::format(
      "{}{}: found no column '{}'{}{}", file, form == Form::csv ? ":1" : "", printable(column),
      names.empty() ? ", and no other" : ", expected one of ", fmt::join(names, ", ")));
}

BenchmarkTable read_table(const std::string& path, const std::string& key) {
  const bool is_json = std::filesystem::path(path).extension() == ".json";
  return is_json ? read_json(path, key) : read_csv(path, key);
}

}  // namespace nas
