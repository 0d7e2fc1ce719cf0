#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// A line of a table.
struct TextRow {
  int64_t line = 0;  // in its file, from 1
  /// Without the blanks and the double quotes around them; doubled quotes within are single ones.
  std::vector<std::string> cells;
};

/// The text of a file, unpacked where it is gzip. Throws InputError where it cannot be read, is
/// damaged, holds a NUL byte (no text), what is no UTF-8 or more than 256 MiB.
std::string read_table_text(const std::string& path);

/// The lines of `text` behind the first `skip`, blank ones left out, cut by `delimiter` (comma,
/// semicolon, tab, blanks; detect: the first of tab, semicolon, comma and blanks that cuts the
/// first lines into equally many cells). A cell may stand in double quotes, then with delimiters
/// and, doubled, double quotes but without line ends in it. Throws InputError, naming `file` and
/// the line, for rows of unequal length, quotes that do not end, fewer than two columns, more than
/// 100,000 columns.
std::vector<TextRow> split_rows(std::string_view text, int64_t skip, std::string_view delimiter,
                                const std::string& file);

}  // namespace nas
