#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/evaluate/table.hpp"

namespace nas {
namespace {

BenchmarkTable read_csv(const std::string& path, const std::string& key) {
  const std::string text = read_file(path);
  CsvReader reader(text, path);
  const auto header = reader.next();
  if (!header) throw InputError(path + ": found an empty file, expected a header line");
  const auto column = std::find_if(header->begin(), header->end(),
                                   [&](const CsvCell& cell) { return cell.text == key; });
  if (column == header->end()) {
    throw InputError(fmt::format("{}:1: found no column '{}'", path, key));
  }
  const auto key_index = static_cast<size_t>(column - header->begin());
  BenchmarkTable table{path, {}};
  while (const auto record = reader.next()) {
    if (record->size() != header->size()) {
      throw InputError(fmt::format("{}:{}: found {} fields, expected {}", path,
                                   record->front().line, record->size(), header->size()));
    }
    BenchmarkTable::Row row{(*record)[key_index].text, record->front().line, {}};
    for (size_t i = 0; i < record->size(); ++i) {
      const auto number = finite_number((*record)[i].text);
      if (number && i != key_index) row.numbers[(*header)[i].text] = *number;
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
    json = parse_json(read_file(path));
  } catch (const Json::parse_error& error) {
    throw InputError(fmt::format("{}: {}", path, error.what()));
  }
  for (const auto& [name, value] : json.items()) {
    const bool keyed =
        !json.is_array() || (value.is_object() && value.contains(key) && value[key].is_string());
    if (!value.is_object() || !keyed) {
      throw InputError(fmt::format("{}: entry {}: expected an object{}", path, name,
                                   json.is_array() ? " with a text at '" + key + "'" : ""));
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
