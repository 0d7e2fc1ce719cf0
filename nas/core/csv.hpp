#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// One cell, and where it begins in its file; both from 1, columns in bytes.
struct CsvCell {
  std::string text;
  int64_t line = 0;
  int64_t column = 0;
};

using CsvRecord = std::vector<CsvCell>;

/// Comma-separated values by RFC 4180: quoted cells may hold commas, line ends and doubled quotes.
/// A byte order mark is passed over. Errors throw InputError naming `file` and line.
class CsvReader {
 public:
  /// `text` and `file` outlive the reader.
  CsvReader(std::string_view text, const std::string& file);

  /// The next record, at least one cell; nothing at the end.
  std::optional<CsvRecord> next();

 private:
  [[noreturn]] void fail(const char* problem) const;
  bool accept(char c);
  CsvCell cell();
  std::string quoted();

  std::string_view text_;
  const std::string& file_;
  size_t position_ = 0;
  size_t line_begin_ = 0;
  int64_t line_ = 1;
};

/// A finite number that the whole text says; nothing for anything else.
std::optional<double> finite_number(std::string_view text);

}  // namespace nas
