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
  std::string file;
  /// In the order of the file; `line` is 0 for JSON.
  struct Row {
    std::string key;
    int64_t line = 0;
    Metrics numbers;
  };
  std::vector<Row> rows;
};

/// CSV (RFC 4180, with a header) or JSON (an array of objects, or an object keyed by architecture;
/// lists of numbers become their mean). Throws InputError naming file, line and column.
BenchmarkTable read_table(const std::string& path, const std::string& key);

struct TableOptions {
  std::string path;
  /// The column that holds the point's text form.
  std::string key = "arch";
  /// Name of a metric and the column it is read from; empty: every numeric column by its own name.
  std::vector<std::pair<std::string, std::string>> metrics;
};

void describe(Section& section, TableOptions& options);

/// Looks points up in a table instead of training them. A point that is not in it is a Failure.
std::unique_ptr<Evaluator> make_table(const TableOptions& options, const EvaluatorContext& context);

}  // namespace nas
