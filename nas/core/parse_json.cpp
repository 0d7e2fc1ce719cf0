#include "nas/core/parse_json.hpp"

#include <optional>

namespace nas {
namespace {

constexpr int kDeepest = 200;
constexpr int kSyntax = 101;  // the library's number for what is no JSON

/// Where a list or an object begins that is nested too deeply. Exact for valid JSON; other text is
/// refused by the parser, which does not recurse.
std::optional<size_t> too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;  // an escaped quote ends no text
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == '{')) {
      if (++depth > kDeepest) return i;
    } else if (!quoted && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return std::nullopt;
}

}  // namespace

Json parse_json(std::string_view text) {
  if (const auto place = too_deep(text)) {
    throw Json::parse_error::create(kSyntax, *place, "nested too deeply", nullptr);
  }
  try {
    return Json::parse(text);
  } catch (const Json::out_of_range& error) {
    throw Json::parse_error::create(kSyntax, 0, error.what(), nullptr);
  }
}

Json parse_json_or_discard(std::string_view text) {
  if (too_deep(text)) return Json::value_t::discarded;
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

int64_t whole_number(const Json& json) {
  constexpr int kType = 302;  // the library's number for a value of the wrong type
  if (json.is_number_integer()) return json.get<int64_t>();
  throw Json::type_error::create(kType, "expected a whole number", nullptr);
}

}  // namespace nas
