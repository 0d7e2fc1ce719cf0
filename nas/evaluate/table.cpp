#include "nas/evaluate/table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

/// Metrics and the columns they are read from.
using Columns = std::vector<std::pair<std::string, std::string>>;
using Row = BenchmarkTable::Row;

bool in_any(const std::vector<Row>& rows, const std::string& column) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Row& row) { return row.numbers.contains(column); });
}

/// Every column with a number where the options name none.
Columns columns_of(const BenchmarkTable& table, const TableOptions& options) {
  for (const auto& [name, column] : options.metrics) table.require(column);
  if (!options.metrics.empty()) return options.metrics;
  Columns columns;
  for (const auto& column : table.columns) {
    if (in_any(table.rows, column)) columns.emplace_back(column, column);
  }
  return columns;
}

/// The columns that the options name hold numbers, and each of them somewhere.
void check_numbers(const BenchmarkTable& table, const TableOptions& options) {
  for (const auto& [name, column] : options.metrics) {
    for (const Row& row : table.rows) {
      const auto other = row.others.find(column);
      if (other == row.others.end()) continue;
      throw InputError(fmt::format("{}: found {} in column '{}', expected a finite number",
                                   table.place(row), other->second, printable(column)));
    }
    if (in_any(table.rows, column)) continue;
    throw InputError(
        fmt::format("{}: column '{}' has no number in any row", table.file, printable(column)));
  }
}

Metrics metrics_of(const Row& row, const Columns& columns) {
  Metrics metrics;
  for (const auto& [name, column] : columns) {
    const auto found = row.numbers.find(column);
    if (found != row.numbers.end()) metrics[name] = found->second;
  }
  return metrics;
}

/// Rows of one text say the same.
void check_repeated(const BenchmarkTable& table, const Columns& columns) {
  std::unordered_map<std::string_view, const Row*> first;
  for (const Row& row : table.rows) {
    const Row& earlier = *first.try_emplace(row.key, &row).first->second;
    if (&earlier == &row || metrics_of(row, columns) == metrics_of(earlier, columns)) continue;
    throw InputError(fmt::format("{}: '{}' stands in {} with other values", table.place(row),
                                 printable(row.key), table.name(earlier)));
  }
}

class Table : public Evaluator {
 public:
  Table(const TableOptions& options, const EvaluatorContext& context)
      : space_(context.space), table_(read_table(options.path, options.key)) {
    columns_ = columns_of(table_, options);
    const std::vector<std::string> texts = keep_points(context.warn);
    check_numbers(table_, options);
    check_repeated(table_, columns_);
    for (size_t i = 0; i < texts.size(); ++i) {
      Row& row = table_.rows[i];
      row.numbers = metrics_of(row, columns_);
      row.others.clear();
      // A genotype can be written in several ways: of rows with different texts that are one point
      // all the same the last one stands.
      rows_[texts[i]] = std::move(row);
    }
    table_.rows.clear();
  }

  Outcome evaluate(const Assignment& assignment, Monitor&) override {
    const std::string text = space_.text(*assignment.point);
    const auto found = rows_.find(text);
    if (found == rows_.end()) return Failure{"error", "not in the table: " + text};
    return Score{found->second.numbers, std::nullopt};
  }

  bool reports(const std::string& metric) const override {
    return std::any_of(rows_.begin(), rows_.end(),
                       [&](const auto& row) { return row.second.numbers.contains(metric); });
  }

  std::optional<std::string> why_without(const Point& point,
                                         const std::string& metric) const override {
    const auto row = rows_.find(space_.text(point));
    const auto column = std::find_if(columns_.begin(), columns_.end(),
                                     [&](const auto& entry) { return entry.first == metric; });
    if (row == rows_.end() || column == columns_.end()) return std::nullopt;
    return fmt::format("{}: column '{}' has no number here", table_.place(row->second),
                       printable(column->second));
  }

 private:
  /// Leaves the rows that are points of the space; their keys as the space writes them, so that
  /// spaces and quotes do not matter.
  std::vector<std::string> keep_points(const std::function<void(const std::string&)>& warn) {
    std::vector<std::string> texts;
    std::string problem;
    const size_t total = table_.rows.size();
    std::erase_if(table_.rows, [&](const Row& row) {
      try {
        texts.push_back(space_.text(space_.parse(row.key)));
        return false;
      } catch (const InputError& error) {
        if (problem.empty()) problem = fmt::format("{}: {}", table_.place(row), error.what());
        return true;
      }
    });
    if (problem.empty()) return texts;
    if (texts.empty()) throw InputError(problem);
    if (warn) {
      warn(fmt::format("{} of {} rows are no points of the space and are passed over: {}",
                       total - texts.size(), total, problem));
    }
    return texts;
  }

  const Space& space_;
  BenchmarkTable table_;  // its rows are in `rows_`, with metrics by their names
  Columns columns_;
  std::unordered_map<std::string, Row> rows_;
};

}  // namespace

void describe(Section& section, TableOptions& options) {
  section.required({"path"});
  section.path("path", options.path, "CSV or JSON file of the benchmark");
  section.text("key", options.key, "column that holds the architecture's text");
  section.scalars("metrics", options.metrics, "name of a metric: column it is read from");
}

std::vector<std::string> table_metrics(const TableOptions& options) {
  const Columns columns = options.metrics.empty()
                              ? columns_of(read_table(options.path, options.key), options)
                              : options.metrics;
  std::vector<std::string> names;
  for (const auto& [name, column] : columns) names.push_back(name);
  return names;
}

std::unique_ptr<Evaluator> make_table(const TableOptions& options,
                                      const EvaluatorContext& context) {
  return std::make_unique<Table>(options, context);
}

}  // namespace nas
