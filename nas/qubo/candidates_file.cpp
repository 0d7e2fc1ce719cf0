#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/text.hpp"
#include "nas/qubo/selection.hpp"

namespace nas {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& found,
                       const std::string& expected) {
  throw InputError(fmt::format("{}: found {}, expected {}", where, printable(found), expected));
}

Json parsed(const std::string& file) {
  try {
    return parse_json(read_file(file));
  } catch (const Json::parse_error& error) {
    throw InputError(fmt::format("{}: found no JSON: {}", file, error.what()));
  }
}

std::vector<double> numbers(const Json& json, const std::string& where) {
  if (!json.is_array()) fail(where, json.dump(), "a list of numbers");
  std::vector<double> values;
  for (const Json& item : json) {
    const bool finite = item.is_number() && std::isfinite(item.get<double>());
    if (!finite) fail(fmt::format("{}[{}]", where, values.size()), item.dump(), "a number");
    values.push_back(item.get<double>());
  }
  return values;
}

std::vector<std::string> names_from(const Json& json, size_t count, const std::string& where) {
  std::vector<std::string> names;
  if (json.is_null()) {
    for (size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
    return names;
  }
  if (!json.is_array() || json.size() != count) {
    fail(where, json.dump(), fmt::format("a list of {} texts, one a score", count));
  }
  std::set<std::string> seen;
  for (const Json& item : json) {
    const bool fresh = item.is_string() && seen.insert(item.get<std::string>()).second;
    if (!fresh) fail(fmt::format("{}[{}]", where, names.size()), item.dump(), "each name once");
    names.push_back(item.get<std::string>());
  }
  return names;
}

/// A table's columns with what was read of them.
class TableReader {
 public:
  TableReader(std::string file, std::string label)
      : file_(std::move(file)), text_(read_file(file_)), label_(std::move(label)) {}

  Candidates read() {
    CsvReader reader(text_, file_);
    const auto header = reader.next();
    if (!header) throw InputError(file_ + ": found an empty file, expected a header line");
    read_header(*header);
    while (const auto record = reader.next()) {
      const bool blank = record->size() == 1 && record->front().text.empty();
      if (!blank) read_row(*record);
    }
    if (columns_[label_place_].size() < 2) {
      throw InputError(fmt::format("{}: expected at least two rows of data", file_));
    }
    return candidates();
  }

 private:
  void read_header(const CsvRecord& header) {
    std::set<std::string> seen;
    for (const CsvCell& cell : header) {
      if (!seen.insert(cell.text).second) fail(at(cell), cell.text + " again", "each column once");
      names_.push_back(cell.text);
    }
    const auto found = std::find(names_.begin(), names_.end(), label_);
    if (found == names_.end()) {
      throw InputError(fmt::format("{}:1: found no column '{}'", file_, printable(label_)));
    }
    label_place_ = static_cast<size_t>(found - names_.begin());
    columns_.resize(names_.size());
  }

  void read_row(const CsvRecord& record) {
    if (record.size() != names_.size()) {
      fail(at(record.front()), fmt::format("{} cells", record.size()),
           fmt::format("{} as in the header", names_.size()));
    }
    for (size_t i = 0; i < record.size(); ++i) {
      columns_[i].push_back(i == label_place_ ? label_of(record[i]) : number_of(record[i]));
    }
  }

  double number_of(const CsvCell& cell) const {
    const auto number = finite_number(cell.text);
    if (!number) fail(at(cell), "'" + cell.text + "'", "a number");
    return *number;
  }

  /// A number, or which of two texts.
  double label_of(const CsvCell& cell) {
    const auto number = finite_number(cell.text);
    if (number && texts_.empty()) return *number;
    auto place = std::find(texts_.begin(), texts_.end(), cell.text);
    if (place == texts_.end()) {
      const bool numbers_before = texts_.empty() && !columns_[label_place_].empty();
      if (numbers_before) fail(at(cell), "'" + cell.text + "'", "a number as before");
      if (texts_.size() == 2) fail(at(cell), "'" + cell.text + "'", texts_[0] + " or " + texts_[1]);
      place = texts_.insert(place, cell.text);
    }
    return static_cast<double>(place - texts_.begin());
  }

  std::string at(const CsvCell& cell) const {
    return fmt::format("{}:{}:{}", file_, cell.line, cell.column);
  }

  /// 0 where one of them is constant.
  double correlation(size_t a, size_t b) const {
    const auto& x = standard_[a];
    const auto& y = standard_[b];
    double sum = 0;
    for (size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
    return std::abs(sum);
  }

  /// Every column less its mean and of length 1.
  void standardise() {
    for (const auto& column : columns_) {
      double mean = 0;
      for (const double value : column) mean += value / static_cast<double>(column.size());
      double square = 0;
      for (const double value : column) square += (value - mean) * (value - mean);
      auto& standard = standard_.emplace_back();
      for (const double value : column) {
        standard.push_back(square > 0 ? (value - mean) / std::sqrt(square) : 0);
      }
    }
  }

  Candidates candidates() {
    standardise();
    Candidates found;
    for (size_t i = 0; i < names_.size(); ++i) {
      if (i == label_place_) continue;
      found.names.push_back(names_[i]);
      found.scores.push_back(correlation(i, label_place_));
      auto& row = found.redundancy.emplace_back();
      for (size_t j = 0; j < names_.size(); ++j) {
        if (j != label_place_) row.push_back(correlation(i, j));
      }
    }
    return found;
  }

  std::string file_;
  std::string text_;
  std::string label_;
  size_t label_place_ = 0;
  std::vector<std::string> names_;
  std::vector<std::string> texts_;
  std::vector<std::vector<double>> columns_;
  std::vector<std::vector<double>> standard_;
};

}  // namespace

Candidates read_candidates(const std::filesystem::path& path) {
  const std::string file = path.string();
  const Json json = parsed(file);
  if (!json.is_object()) fail(file, json.dump(), "{names, scores, redundancy}");
  Candidates found;
  found.scores = numbers(json.value("scores", Json()), file + ": scores");
  const size_t count = found.scores.size();
  found.names = names_from(json.value("names", Json()), count, file + ": names");
  const Json rows = json.value("redundancy", Json());
  const std::string where = file + ": redundancy";
  if (!rows.is_array() || rows.size() != count) {
    fail(where, rows.dump(), fmt::format("a list of {} lists, one a score", count));
  }
  for (size_t i = 0; i < count; ++i) {
    const std::string row = fmt::format("{}[{}]", where, i);
    found.redundancy.push_back(numbers(rows[i], row));
    if (found.redundancy[i].size() != count) {
      fail(row, fmt::format("{} numbers", found.redundancy[i].size()), fmt::format("{}", count));
    }
    for (size_t j = 0; j < i; ++j) {
      if (found.redundancy[i][j] == found.redundancy[j][i]) continue;
      fail(fmt::format("{}[{}]", row, j), fmt::format("{}", found.redundancy[i][j]),
           fmt::format("{} as at [{}][{}]", found.redundancy[j][i], j, i));
    }
  }
  return found;
}

Candidates candidates_of_table(const std::filesystem::path& file, const std::string& label) {
  return TableReader(file.string(), label).read();
}

}  // namespace nas
