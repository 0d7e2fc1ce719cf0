#include "search_spaces/text_scanner.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "nas/core/error.hpp"

namespace nas {

void TextScanner::skip_spaces() {
  while (!at_end() && text_[position_] == ' ') ++position_;
}

bool TextScanner::accept(std::string_view token) {
  if (text_.substr(position_, token.size()) != token) return false;
  position_ += token.size();
  return true;
}

void TextScanner::expect(std::string_view token) {
  if (!accept(token)) fail(fmt::format("'{}'", token));
}

std::string TextScanner::name() {
  const size_t begin = position_;
  while (!at_end() && (std::isalnum(static_cast<unsigned char>(text_[position_])) != 0 ||
                       text_[position_] == '_')) {
    ++position_;
  }
  if (begin == position_) fail("a name");
  return std::string(text_.substr(begin, position_ - begin));
}

int64_t TextScanner::number() {
  int64_t value = 0;
  const char* begin = text_.data() + position_;
  const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
  if (error != std::errc()) fail("a whole number");
  position_ += static_cast<size_t>(end - begin);
  return value;
}

std::string_view TextScanner::word() {
  const size_t begin = position_;
  position_ = std::min(text_.find(' ', begin), text_.size());
  return text_.substr(begin, position_ - begin);
}

void TextScanner::fail(std::string_view expected) const {
  const std::string_view rest = text_.substr(std::min(position_, text_.size()), 24);
  throw InputError(fmt::format("{}: at character {}: found '{}', expected {}", what_, position_ + 1,
                               rest.empty() ? "the end" : rest, expected));
}

}  // namespace nas
