#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <set>

#include "nas/core/error.hpp"
#include "nas/data/source.hpp"
#include "nas/data/split.hpp"
#include "nas/data/text_table.hpp"

namespace nas {
namespace {

constexpr size_t kMostClasses = 1000;
constexpr size_t kMostCodes = 256;
constexpr size_t kMostValues = size_t{1} << 30;
/// A column with this share of numbers is one of numbers, and what is none there a mistake.
constexpr double kNumbers = 0.9;

/// Numbers in their order, then texts.
bool sorts_before(const std::string& a, const std::string& b) {
  const auto x = number_of(a);
  const auto y = number_of(b);
  if (x && y && *x != *y) return *x < *y;
  if (x.has_value() != y.has_value()) return x.has_value();
  return a < b;
}

std::vector<std::string> sorted_texts(const std::set<std::string>& texts) {
  std::vector<std::string> sorted(texts.begin(), texts.end());
  std::sort(sorted.begin(), sorted.end(), sorts_before);
  return sorted;
}

/// 1,5 or -0,25.
bool has_decimal_comma(std::string text) {
  const size_t comma = text.find(',');
  if (comma == std::string::npos) return false;
  text[comma] = '.';
  return number_of(text).has_value();
}

int64_t place_of(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) - names.begin();
}

/// A column of the examples.
struct Column {
  size_t place = 0;                // in the file
  std::vector<std::string> codes;  // none for numbers
  bool coded = false;
  bool indicator = false;  // of missing numbers
};

class TableSource final : public DataSource {
 public:
  explicit TableSource(const DataConfig& config)
      : table_(read_text_table(config.path, config.table)),
        label_(config.table.label.empty() ? table_.names.size() - 1
                                          : column_called(table_, config.table.label, "label")) {
    read_labels(config.table);
    read_columns(config);
    check_size();
  }

  TaskShape task() override {
    return {{static_cast<int64_t>(features_.size()), 1, 1},
            static_cast<int64_t>(class_names_.size())};
  }
  const std::vector<std::string>& class_names() const override { return class_names_; }
  bool has_test() const override { return false; }
  std::vector<int64_t> labels(DataPart) override { return labels_; }

  void read(DataPart, const std::vector<int64_t>& chosen, LabelledImages& into) override {
    into.features = features_;
    into.values.reserve(chosen.size() * features_.size());
    for (const int64_t row : chosen) {
      for (const Column& column : columns_) {
        append(column, cell(static_cast<size_t>(row), column.place), into.values);
      }
    }
  }

 private:
  const std::string& cell(size_t row, size_t column) const {
    return table_.rows[row].cells[column];
  }

  void read_labels(const TableConfig& config);
  void put_positive_last(const std::string& positive);
  void read_columns(const DataConfig& config);
  bool is_coded(size_t column, const std::set<size_t>& told) const;
  std::vector<std::string> codes_of(size_t column, const std::vector<int64_t>& known) const;
  void add_features(const Column& column);
  void check_size() const;
  static void append(const Column& column, const std::string& text, std::vector<float>& values);

  TextTable table_;
  size_t label_;
  std::vector<std::string> class_names_;
  std::vector<int64_t> labels_;
  std::vector<Column> columns_;
  std::vector<TableFeature> features_;
};

void TableSource::read_labels(const TableConfig& config) {
  std::set<std::string> names;
  for (size_t row = 0; row < table_.rows.size(); ++row) {
    if (cell(row, label_).empty()) {
      refuse_cell(table_, row, label_, "found nothing, expected a class");
    }
    names.insert(cell(row, label_));
    if (names.size() > kMostClasses) {
      refuse_cell(
          table_, row, label_,
          fmt::format("found more than {} different values, expected classes", kMostClasses));
    }
  }
  if (names.size() < 2) {
    refuse_cell(
        table_, 0, label_,
        fmt::format("found '{}' in all rows, expected two classes or more", *names.begin()));
  }
  class_names_ = sorted_texts(names);
  if (!config.positive.empty()) put_positive_last(config.positive);
  for (const TextRow& row : table_.rows) {
    labels_.push_back(place_of(class_names_, row.cells[label_]));
  }
}

void TableSource::put_positive_last(const std::string& positive) {
  const auto found = std::find(class_names_.begin(), class_names_.end(), positive);
  if (found == class_names_.end() || class_names_.size() != 2) {
    throw InputError(fmt::format("{}: positive: found '{}', expected one of two classes: {}",
                                 table_.file, positive, fmt::join(class_names_, ", ")));
  }
  std::rotate(found, found + 1, class_names_.end());
}

/// Throws where nearly all cells are numbers and some are not, and where all are with a comma for
/// the decimal point.
bool TableSource::is_coded(size_t column, const std::set<size_t>& told) const {
  if (told.contains(column)) return true;
  size_t numbers = 0;
  size_t texts = 0;
  size_t commas = 0;
  size_t first_text = 0;
  for (size_t row = 0; row < table_.rows.size(); ++row) {
    const std::string& text = cell(row, column);
    if (text.empty()) continue;
    if (number_of(text)) {
      ++numbers;
      continue;
    }
    if (texts++ == 0) first_text = row;
    if (has_decimal_comma(text)) ++commas;
  }
  if (texts == 0) return false;
  if (static_cast<double>(numbers) >= kNumbers * static_cast<double>(numbers + texts)) {
    refuse_cell(table_, first_text, column,
                fmt::format("found '{}', expected a number of at most 1e38 as in most other lines "
                            "(or this text among data.missing, or this column among data.coded)",
                            cell(first_text, column)));
  }
  if (commas == texts) {
    refuse_cell(table_, first_text, column,
                fmt::format("found '{}', expected a point before decimals (or, where these are "
                            "codes, this column among data.coded)",
                            cell(first_text, column)));
  }
  return true;
}

/// Those of the rows that are not for test, so that networks have the same inputs in a search, in
/// retraining and when tested.
std::vector<std::string> TableSource::codes_of(size_t column,
                                               const std::vector<int64_t>& known) const {
  std::set<std::string> codes;
  for (const int64_t row : known) {
    const std::string& text = cell(static_cast<size_t>(row), column);
    if (!text.empty()) codes.insert(text);
    if (codes.size() > kMostCodes) {
      refuse_cell(table_, static_cast<size_t>(row), column,
                  fmt::format("found '{}' and {} other texts, expected numbers or at most {} codes",
                              text, kMostCodes, kMostCodes));
    }
  }
  return sorted_texts(codes);
}

void TableSource::read_columns(const DataConfig& config) {
  std::set<size_t> told;
  for (const std::string& name : config.table.coded) {
    told.insert(column_called(table_, name, "coded"));
  }
  std::set<size_t> left_out{label_};
  for (const std::string& name : config.table.without) {
    left_out.insert(column_called(table_, name, "without"));
  }
  const std::vector<int64_t> known = not_for_test({labels_, {}}, config);
  for (size_t i = 0; i < table_.names.size(); ++i) {
    if (left_out.contains(i)) continue;
    Column column{i, {}, is_coded(i, told)};
    if (column.coded) column.codes = codes_of(i, known);
    column.indicator = config.table.missing_indicator && !column.coded &&
                       std::any_of(known.begin(), known.end(), [&](int64_t row) {
                         return cell(static_cast<size_t>(row), i).empty();
                       });
    add_features(column);
    columns_.push_back(std::move(column));
  }
}

void TableSource::add_features(const Column& column) {
  const std::string& name = table_.names[column.place];
  if (!column.coded) features_.push_back({name, false});
  if (column.indicator) features_.push_back({name + "=missing", true});
  for (const std::string& code : column.codes) {
    features_.push_back({fmt::format("{}={}", name, code), true});
  }
}

void TableSource::check_size() const {
  if (features_.empty()) throw InputError(table_.file + ": no column has anything to learn from");
  if (features_.size() > kMostValues / table_.rows.size()) {
    throw InputError(fmt::format("{}: {} rows of {} features, expected at most {} numbers",
                                 table_.file, table_.rows.size(), features_.size(), kMostValues));
  }
}

void TableSource::append(const Column& column, const std::string& text,
                         std::vector<float>& values) {
  if (!column.coded) {
    values.push_back(number_of(text).value_or(std::numeric_limits<float>::quiet_NaN()));
    if (column.indicator) values.push_back(text.empty() ? 1.0f : 0.0f);
    return;
  }
  for (const std::string& code : column.codes) values.push_back(code == text ? 1.0f : 0.0f);
}

}  // namespace

std::unique_ptr<DataSource> open_table(const DataConfig& config) {
  return std::make_unique<TableSource>(config);
}

}  // namespace nas
