#include "nas/core/csv.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

CsvReader::CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

std::optional<CsvRecord> CsvReader::next() {
  if (position_ >= text_.size()) return std::nullopt;
  CsvRecord record;
  do {
    record.push_back(cell());
  } while (accept(','));
  accept('\r');
  if (!accept('\n') && position_ < text_.size()) fail("found text after a closing quote");
  ++line_;
  line_begin_ = position_;
  return record;
}

void CsvReader::fail(const char* problem) const {
  throw InputError(fmt::format("{}:{}: {}", file_, line_, problem));
}

bool CsvReader::accept(char c) {
  if (position_ >= text_.size() || text_[position_] != c) return false;
  ++position_;
  return true;
}

CsvCell CsvReader::cell() {
  CsvCell cell{"", line_, static_cast<int64_t>(position_ - line_begin_) + 1};
  if (accept('"')) {
    cell.text = quoted();
    return cell;
  }
  const size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
  cell.text = text_.substr(position_, end - position_);
  position_ = end;
  return cell;
}

std::string CsvReader::quoted() {
  std::string value;
  while (true) {
    if (position_ >= text_.size()) fail("found the end of the file inside quotes");
    const char c = text_[position_++];
    if (c == '"' && !accept('"')) return value;
    if (c == '\n') {
      ++line_;
      line_begin_ = position_;
    }
    value += c;
  }
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace nas
