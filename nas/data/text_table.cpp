#include "nas/data/text_table.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

/// Whether the first row is a name, of a column in which all others are numbers.
bool names_numbers(const std::vector<TextRow>& rows, size_t column) {
  const std::string& first = rows.front().cells[column];
  if (is_missing(first) || number_of(first)) return false;
  return std::all_of(rows.begin() + 1, rows.end(), [&](const TextRow& row) {
    return row.cells[column].empty() || number_of(row.cells[column]);
  });
}

/// Whether any row but the first has the first's text there.
bool comes_again(const std::vector<TextRow>& rows, size_t column) {
  return std::any_of(rows.begin() + 1, rows.end(), [&](const TextRow& row) {
    return row.cells[column] == rows.front().cells[column];
  });
}

/// A first row unlike the others: text above numbers; in a table of text alone, cells of which none
/// comes again.
bool detect_header(const std::vector<TextRow>& rows) {
  if (rows.size() < 2) return false;
  bool only_text = true;
  bool all_new = true;
  for (size_t column = 0; column < rows.front().cells.size(); ++column) {
    if (names_numbers(rows, column)) return true;
    only_text = only_text && !number_of(rows.front().cells[column]);
    all_new = all_new && !comes_again(rows, column);
  }
  return only_text && all_new;
}

void empty_missing(TextRow& row, const std::vector<std::string>& more) {
  for (std::string& cell : row.cells) {
    if (is_missing(cell) || std::find(more.begin(), more.end(), cell) != more.end()) cell.clear();
  }
}

void take_header(TextTable& table) {
  const TextRow header = std::move(table.rows.front());
  table.rows.erase(table.rows.begin());
  table.names = header.cells;
  for (size_t i = 0; i < table.names.size(); ++i) {
    if (table.names[i].empty()) table.names[i] = fmt::format("column {}", i + 1);
  }
  auto sorted = table.names;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice == sorted.end()) return;
  throw InputError(fmt::format("{}:{}: found the column name '{}' twice, expected different ones",
                               table.file, header.line, *twice));
}

}  // namespace

bool is_missing(std::string_view cell) {
  constexpr std::array<std::string_view, 8> kMissing{"",     "?",    "na",  "n/a",
                                                     "#n/a", "<na>", "nan", "null"};
  const auto alike = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); };
  return std::any_of(kMissing.begin(), kMissing.end(), [&](std::string_view known) {
    return std::equal(known.begin(), known.end(), cell.begin(), cell.end(), alike);
  });
}

std::optional<float> number_of(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  const auto value = finite_number(cell);
  if (!value) return std::nullopt;
  constexpr double kLargest = 1e38;
  return std::abs(*value) <= kLargest ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

TextTable read_text_table(const std::string& path, const TableConfig& config) {
  TextTable table;
  table.file = path;
  table.rows = split_rows(read_table_text(path), config.skip_lines, config.delimiter, path);
  for (size_t row = 1; row < table.rows.size(); ++row) {
    empty_missing(table.rows[row], config.missing);
  }
  const bool header =
      config.header == "detect" ? detect_header(table.rows) : config.header == "present";
  if (header) {
    take_header(table);
  } else {
    empty_missing(table.rows.front(), config.missing);
    for (size_t i = 0; i < table.rows.front().cells.size(); ++i) {
      table.names.push_back(fmt::format("column {}", i + 1));
    }
  }
  if (table.rows.empty()) throw InputError(path + ": no rows below the names of the columns");
  return table;
}

size_t column_called(const TextTable& table, const std::string& wanted, std::string_view key) {
  const auto found = std::find(table.names.begin(), table.names.end(), wanted);
  if (found != table.names.end()) return static_cast<size_t>(found - table.names.begin());
  size_t position = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), position);
  const bool whole = error == std::errc() && end == wanted.data() + wanted.size();
  if (whole && position >= 1 && position <= table.names.size()) return position - 1;
  std::vector<std::string> shown = table.names;
  shown.resize(std::min<size_t>(shown.size(), 30));
  throw InputError(fmt::format("{}: {}: found '{}', expected a position of 1 to {} or a name: {}{}",
                               table.file, key, wanted, table.names.size(), fmt::join(shown, ", "),
                               shown.size() < table.names.size() ? ", ..." : ""));
}

void refuse_cell(const TextTable& table, size_t row, size_t column, const std::string& problem) {
  throw InputError(fmt::format("{}:{}: column '{}': {}", table.file, table.rows[row].line,
                               table.names[column], problem));
}

}  // namespace nas
