#include "nas/data/delimited_text.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr size_t kMostBytes = size_t{256} << 20;
constexpr size_t kMostColumns = 100'000;
constexpr size_t kMostCells = 50'000'000;  // each takes 32 bytes or more
constexpr size_t kSample = 20;             // lines looked at to find the delimiter
constexpr char kBlanks = ' ';
constexpr std::string_view kBlank = " \t\r";

struct Line {
  int64_t number;
  std::string_view text;
};

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<Line> lines_of(std::string_view text, int64_t skip) {
  std::vector<Line> lines;
  for (int64_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number > skip && !trimmed(line).empty()) lines.push_back({number, line});
  }
  return lines;
}

/// Takes a cell in double quotes, the first of which stands at `start`, off `rest`.
std::string quoted_cell(std::string_view& rest, size_t start) {
  std::string cell;
  size_t begin = start + 1;
  while (true) {
    const size_t close = rest.find('"', begin);
    if (close == std::string_view::npos) throw InputError("a double quote without its end");
    cell.append(rest.substr(begin, close - begin));
    begin = close + 1;
    if (!rest.substr(begin).starts_with('"')) break;
    cell += '"';
    ++begin;
  }
  rest.remove_prefix(begin);
  return cell;
}

/// Takes the next cell off `rest`; `more` says whether a delimiter followed it.
std::string next_cell(std::string_view& rest, char delimiter, bool& more) {
  const size_t start = rest.find_first_not_of(delimiter == '\t' ? " \r" : kBlank);
  if (start != std::string_view::npos && rest[start] == '"') {
    std::string cell = quoted_cell(rest, start);
    const size_t end = std::min(rest.find(delimiter), rest.size());
    if (!trimmed(rest.substr(0, end)).empty()) {
      throw InputError(fmt::format("text behind the cell \"{}\" in quotes", cell));
    }
    more = end < rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return cell;
  }
  const size_t end = std::min(rest.find(delimiter), rest.size());
  std::string cell(trimmed(rest.substr(0, end)));
  more = end < rest.size();
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return cell;
}

std::vector<std::string> cells_of(std::string_view line, char delimiter) {
  std::vector<std::string> cells;
  if (delimiter == kBlanks) line = trimmed(line);
  for (bool more = true; more;) {
    cells.emplace_back(next_cell(line, delimiter, more));
    if (cells.size() > kMostColumns) {
      throw InputError(fmt::format("more than {} columns", kMostColumns));
    }
    if (delimiter == kBlanks) {  // several are one
      line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    }
  }
  return cells;
}

bool cuts_evenly(const std::vector<Line>& lines, char delimiter) {
  size_t columns = 0;
  for (size_t i = 0; i < std::min(lines.size(), kSample); ++i) {
    size_t count = 0;
    try {
      count = cells_of(lines[i].text, delimiter).size();
    } catch (const InputError&) {
      return false;
    }
    if (count < 2 || (columns != 0 && count != columns)) return false;
    columns = count;
  }
  return true;
}

char delimiter_of(const std::vector<Line>& lines, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char>, 4> kNames{
      {{"tab", '\t'}, {"semicolon", ';'}, {"comma", ','}, {"blanks", kBlanks}}};
  for (const auto& [known, character] : kNames) {
    if (known == name) return character;
  }
  for (const auto& [known, character] : kNames) {
    if (cuts_evenly(lines, character)) return character;
  }
  // None does: the first line decides, and the line that is not like it is what the error names.
  for (const auto& [known, character] : kNames) {
    if (lines.front().text.find(character) != std::string_view::npos) return character;
  }
  return ',';
}

/// Names of columns, codes and classes come into files in JSON, which holds nothing else.
void refuse_odd_bytes(std::string_view text, const std::string& path) {
  const size_t good = utf8_prefix(text);
  if (good == text.size()) return;
  const std::string_view before = text.substr(0, good);
  const size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  const auto column = std::count_if(before.begin() + static_cast<int64_t>(line_start), before.end(),
                                    [](char c) { return (c & 0xC0) != 0x80; });
  throw InputError(
      fmt::format("{}:{}:{}: found byte 0x{:02x}, expected text in UTF-8; iconv converts it", path,
                  std::count(before.begin(), before.end(), '\n') + 1, column + 1,
                  static_cast<uint8_t>(text[good])));
}

}  // namespace

std::string read_table_text(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    throw InputError(path + ": found a folder, expected a table in a file");
  }
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw InputError(path + ": cannot be read");
  std::string text;
  std::array<char, 1 << 16> block;
  int got = 0;
  while ((got = gzread(file.get(), block.data(), block.size())) > 0) {
    text.append(block.data(), static_cast<size_t>(got));
    if (text.size() > kMostBytes) throw InputError(path + ": more than 256 MiB of text");
  }
  int status = Z_OK;
  gzerror(file.get(), &status);
  if (got < 0 || status != Z_OK) throw InputError(path + ": damaged or cut short");
  if (text.find('\0') != std::string::npos) throw InputError(path + ": not a text file");
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // byte order mark of UTF-8
  refuse_odd_bytes(text, path);
  return text;
}

std::vector<TextRow> split_rows(std::string_view text, int64_t skip, std::string_view delimiter,
                                const std::string& file) {
  const std::vector<Line> lines = lines_of(text, skip);
  if (lines.empty()) throw InputError(file + ": no lines");
  const char character = delimiter_of(lines, delimiter);
  std::vector<TextRow> rows;
  size_t cells = 0;
  for (const Line& line : lines) {
    try {
      rows.push_back({line.number, cells_of(line.text, character)});
      const size_t found = rows.back().cells.size();
      const size_t expected = rows.front().cells.size();
      if ((cells += found) > kMostCells) {
        throw InputError(fmt::format("more than {} cells up to here", kMostCells));
      }
      if (found < 2) throw InputError("one column, expected two or more");
      if (found != expected) {
        throw InputError(fmt::format("{} columns, expected {} as in line {}", found, expected,
                                     rows.front().line));
      }
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}:{}: found {}", file, line.number, error.what()));
    }
  }
  return rows;
}

}  // namespace nas
