#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "nas/core/error.hpp"
#include "nas/core/lower_case.hpp"
#include "nas/data/data_survey.hpp"
#include "nas/data/text_table.hpp"

namespace nas {
namespace {

constexpr size_t kFewValues = 20;  // that classes written as numbers may have
constexpr size_t kMostCodes = 256;
constexpr double kNumbers = 0.9;

/// Names under which people put what is to be learnt.
constexpr std::array<std::string_view, 12> kUsualTargets{
    "label",     "class",    "target", "category", "species",  "outcome",
    "diagnosis", "survived", "churn",  "default",  "is_fraud", "y"};
constexpr std::array<std::string_view, 4> kUsualIds{"id", "index", "row", "number"};

/// What one column holds.
struct ColumnFacts {
  std::map<std::string, size_t> values;  // missing ones left out
  size_t numbers = 0;
  size_t present = 0;
  bool counts_up = true;  // whole numbers, each one more than the last

  bool numeric() const {
    return static_cast<double>(numbers) >= kNumbers * static_cast<double>(present);
  }
  bool classes() const {
    return values.size() >= 2 && values.size() <= (numeric() ? kFewValues : 1000) &&
           values.size() * 2 <= present;
  }
};

ColumnFacts facts_of(const TextTable& table, size_t column) {
  ColumnFacts facts;
  std::optional<float> last;
  for (const TextRow& row : table.rows) {
    const std::string& text = row.cells[column];
    const auto number = number_of(text);
    facts.counts_up = facts.counts_up && number && (!last || *number == *last + 1);
    last = number;
    if (is_missing(text)) continue;
    ++facts.present;
    ++facts.values[text];
    if (number) ++facts.numbers;
  }
  return facts;
}

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

[[noreturn]] void ask_for_target(const TextTable& table, const std::vector<ColumnFacts>& facts) {
  std::vector<std::string> shown;
  for (size_t i = 0; i < table.names.size() && i < 30; ++i) {
    shown.push_back(
        fmt::format("{} ({} different values)", table.names[i], facts[i].values.size()));
  }
  throw InputError(
      fmt::format("{}: no column looks like classes; name it with --target COLUMN. Columns: {}",
                  table.file, fmt::join(shown, ", ")));
}

/// A usual name, else the last column, else the first, where it holds classes.
size_t guess_target(const TextTable& table, const std::vector<ColumnFacts>& facts) {
  for (const auto usual : kUsualTargets) {
    for (size_t i = 0; i < table.names.size(); ++i) {
      if (lower_case(table.names[i]) == usual && facts[i].classes()) return i;
    }
  }
  if (facts.back().classes()) return facts.size() - 1;
  if (facts.front().classes()) return 0;
  ask_for_target(table, facts);
}

void check_target(const TextTable& table, const ColumnFacts& facts, size_t target) {
  if (facts.classes()) return;
  throw InputError(fmt::format(
      "{}: column '{}' has {} different values in {} rows; expected classes that come again (a "
      "number cannot be predicted, only its class: write low, middle, high)",
      table.file, table.names[target], facts.values.size(), facts.present));
}

/// Why a column teaches nothing, or nothing that is true of other examples; empty where it may.
std::string_view useless(const std::string& name, const ColumnFacts& facts) {
  const bool named_id =
      std::find(kUsualIds.begin(), kUsualIds.end(), lower_case(name)) != kUsualIds.end() ||
      name.ends_with("_id") || name.ends_with("Id") || name.ends_with("ID");
  const bool all_different = facts.values.size() == facts.present && facts.present > kFewValues;
  if (facts.present == 0) return "is empty";
  if (facts.values.size() == 1) return "is the same in all rows";
  if (facts.counts_up && facts.present > kFewValues) return "numbers the rows";
  if (all_different && named_id) return "names each row";
  if (facts.numeric()) return "";
  return facts.values.size() > kMostCodes || all_different ? "has a text of its own in most rows"
                                                           : "";
}

/// Of two classes the rarer one; nothing where neither is or a configuration could not write it.
std::string rarer(const ColumnFacts& target) {
  const auto first = target.values.begin();
  const auto second = std::next(first);
  if (first->second == second->second) return "";
  const auto& name = first->second < second->second ? first->first : second->first;
  return is_plain(name) ? name : "";
}

/// How a configuration calls a column: by its position where the file does not name it, or in
/// letters that are not ASCII.
std::string called(const TextTable& table, size_t column) {
  const std::string position = std::to_string(column + 1);
  const std::string& name = table.names[column];
  return name == "column " + position || !is_plain(name) ? position : name;
}

/// Also where a first line says something else than the columns' names.
TextTable read_some_table(const std::string& path, TableConfig& config) {
  try {
    return read_text_table(path, config);
  } catch (const InputError& error) {
    config.skip_lines = 1;
    try {
      return read_text_table(path, config);
    } catch (const InputError&) {
      throw error;  // as it is with its first line
    }
  }
}

}  // namespace

TableConfig survey_table(const std::string& path, const std::string& target,
                         std::vector<std::string>& remarks) {
  TableConfig config;
  const TextTable table = read_some_table(path, config);
  std::vector<ColumnFacts> facts;
  for (size_t i = 0; i < table.names.size(); ++i) facts.push_back(facts_of(table, i));
  const size_t label =
      target.empty() ? guess_target(table, facts) : column_called(table, target, "--target");
  check_target(table, facts[label], label);
  config.label = called(table, label);
  if (facts[label].values.size() == 2) config.positive = rarer(facts[label]);
  remarks.push_back(fmt::format("{} columns", table.names.size()));
  for (size_t i = 0; i < table.names.size(); ++i) {
    const auto why = i == label ? "" : useless(table.names[i], facts[i]);
    if (why.empty()) continue;
    config.without.push_back(called(table, i));
    remarks.push_back(fmt::format("column '{}' {}", table.names[i], why));
  }
  return config;
}

}  // namespace nas
