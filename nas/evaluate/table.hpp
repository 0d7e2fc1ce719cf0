#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nas/config/component.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// A benchmark read from a file: numbers by column, by key.
struct BenchmarkTable {
  enum class Form { csv, array, object };
  struct Row {
    std::string key;
    /// Line of a CSV file, index in a JSON array.
    int64_t number = 0;
    Metrics numbers;
    /// By column what is neither a number nor missing, as messages name it: "'abc'", "a list".
    std::map<std::string, std::string> others = {};
  };

  std::string file;
  Form form = Form::csv;
  /// In the order in which they first occur; the key is one of them unless it keys an object.
  std::vector<std::string> columns;
  /// In the order of the file.
  std::vector<Row> rows;

  /// "line 5", "entry 3", "entry '8:8:8:8:8'"
  std::string name(const Row& row) const;
  /// The same with the file: "t.csv:5", "t.json: entry 3".
  std::string place(const Row& row) const;
  /// Throws InputError naming the columns that there are where this is none of them.
  void require(const std::string& column) const;
};

/// CSV (RFC 4180, with a header) or JSON (an array of objects, or an object keyed by architecture;
/// lists of numbers become their mean). Cells that are empty, `nan`, `null` or one of the other
/// texts of is_missing() are missing, as are keys that a JSON entry lacks. Throws InputError naming
/// file, line or entry, and column.
BenchmarkTable read_table(const std::string& path, const std::string& key);

struct TableOptions {
  std::string path;
  /// The column that holds the point's text form.
  std::string key = "arch";
  /// Name of a metric and the column it is read from; empty: every numeric column by its own name.
  std::vector<std::pair<std::string, std::string>> metrics;
};

void describe(Section& section, TableOptions& options);

/// Names of the metrics that a table with these options can have; reads it where they do not say.
std::vector<std::string> table_metrics(const TableOptions& options);

/// Looks points up in a table instead of training them. A point that is not in it is a Failure.
/// Rows that no point of the space can be are passed over, which is warned of. Throws InputError
/// where no row is left, where a wanted column is not there, holds what is no number or has no
/// number at all, and where rows of one text differ in a wanted metric.
std::unique_ptr<Evaluator> make_table(const TableOptions& options, const EvaluatorContext& context);

}  // namespace nas
