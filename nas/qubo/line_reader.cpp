#include "nas/qubo/line_reader.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>

#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
/// Sign, 309 digits before the point or 1,100 after it.
constexpr size_t kLongestNumber = 1500;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  size_t begin = line.find_first_not_of(kBlanks);
  while (begin != std::string_view::npos) {
    const size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(kBlanks, end);
  }
  return words;
}

}  // namespace

std::optional<std::vector<std::string_view>> LineReader::next() {
  while (!text_.empty()) {
    const size_t end = std::min(text_.find('\n'), text_.size());
    current_ = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++line_;
    auto words = words_of(current_);
    if (!words.empty()) return words;
  }
  return std::nullopt;
}

int64_t LineReader::index(std::string_view word, int64_t most) const {
  int64_t value = -1;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  const bool whole = error == std::errc() && stop == word.data() + word.size();
  if (!whole || value < 0 || value > most)
    fail(word, fmt::format("a whole number of 0 to {}", most));
  return value;
}

double LineReader::number(std::string_view word) const {
  const auto value = finite_number(word);
  if (!value) fail(word, "a number");
  return *value;
}

void LineReader::fail(std::string_view found, const std::string& expected) const {
  throw InputError(
      fmt::format("{}:{}: found '{}', expected {}", file_, line_, printable(found), expected));
}

std::string fixed_notation(double value) {
  std::array<char, kLongestNumber> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

}  // namespace nas
