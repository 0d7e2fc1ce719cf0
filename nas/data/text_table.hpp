#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nas/data/data_config.hpp"
#include "nas/data/delimited_text.hpp"

namespace nas {

/// A table as it is written but for missing cells, which are empty; all rows as long as `names`.
struct TextTable {
  std::string file;
  std::vector<std::string> names;  // from the header, or `column 1`, `column 2`, ...
  std::vector<TextRow> rows;       // without the header
};

/// Empty, `?`, and in capitals or not NA, N/A, #N/A, <NA>, NaN and NULL.
bool is_missing(std::string_view cell);

/// The number that the whole cell is; nothing where it is none, or larger than 1e38 in size:
/// differences of two are float32 numbers, too.
std::optional<float> number_of(std::string_view cell);

/// Throws InputError for what split_rows refuses, names that come twice and a table without rows.
TextTable read_text_table(const std::string& path, const TableConfig& config);

/// The column of this name or, where there is none, at this position from 1. Throws InputError,
/// naming `key` of the configuration, where it is neither.
size_t column_called(const TextTable& table, const std::string& wanted, std::string_view key);

/// `file:line: column 'name': problem`.
[[noreturn]] void refuse_cell(const TextTable& table, size_t row, size_t column,
                              const std::string& problem);

}  // namespace nas
