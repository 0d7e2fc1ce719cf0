#include "nas/evaluate/table.hpp"

#include <fmt/core.h>

#include <unordered_map>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

/// The wanted metrics of one row; throws InputError where the table lacks a column.
Metrics metrics_of(const BenchmarkTable& table, const BenchmarkTable::Row& row,
                   const TableOptions& options) {
  if (options.metrics.empty()) return row.numbers;
  Metrics metrics;
  for (const auto& [name, column] : options.metrics) {
    const auto found = row.numbers.find(column);
    if (found == row.numbers.end()) {
      throw InputError(
          fmt::format("{}:{}: column '{}' has no number here", table.file, row.line, column));
    }
    metrics[name] = found->second;
  }
  return metrics;
}

class Table : public Evaluator {
 public:
  Table(const TableOptions& options, const EvaluatorContext& context) : space_(context.space) {
    const BenchmarkTable table = read_table(options.path, options.key);
    for (const auto& row : table.rows) {
      metrics_[normal_form(table, row)] = metrics_of(table, row, options);
    }
  }

  Outcome evaluate(const Assignment& assignment, Monitor&) override {
    const std::string text = space_.text(*assignment.point);
    const auto found = metrics_.find(text);
    if (found == metrics_.end()) return Failure{"error", "not in the table: " + text};
    return Score{found->second, std::nullopt};
  }

  bool reports(const std::string& metric) const override {
    return !metrics_.empty() && metrics_.begin()->second.contains(metric);
  }

 private:
  /// The key as the space writes it, so that spaces and quotes do not matter.
  std::string normal_form(const BenchmarkTable& table, const BenchmarkTable::Row& row) const {
    try {
      return space_.text(space_.parse(row.key));
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}:{}: {}", table.file, row.line, error.what()));
    }
  }

  const Space& space_;
  std::unordered_map<std::string, Metrics> metrics_;
};

}  // namespace

void describe(Section& section, TableOptions& options) {
  section.required({"path"});
  section.path("path", options.path, "CSV or JSON file of the benchmark");
  section.text("key", options.key, "column that holds the architecture's text");
  section.scalars("metrics", options.metrics, "name of a metric: column it is read from");
}

std::unique_ptr<Evaluator> make_table(const TableOptions& options,
                                      const EvaluatorContext& context) {
  return std::make_unique<Table>(options, context);
}

}  // namespace nas
