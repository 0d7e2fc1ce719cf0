#include "nas/core/secret.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

// Rather too much than too little: libpq takes blanks in a password, and escapes in names. By hand,
// as std::regex overflows the stack on long texts.

namespace nas {
namespace {

constexpr std::string_view kHidden = "***";
constexpr size_t kNone = std::string_view::npos;

/// scheme://user:password@host, all to the last @.
std::string without_authority(std::string_view text) {
  const size_t end = text.rfind('@');
  size_t scheme = text.find("://");
  for (; scheme != kNone; scheme = text.find("://", scheme + 1)) {
    const size_t colon = text.find_first_of("/@:", scheme + 3);
    if (colon == kNone || text[colon] != ':' || end == kNone || end < colon) continue;
    return std::string(text.substr(0, colon + 1)).append(kHidden).append(text.substr(end));
  }
  return std::string(text);
}

bool ends_with_password(std::string_view text) {
  constexpr std::string_view kName = "password";
  const auto blank = [](unsigned char c) { return std::isspace(c) != 0; };
  while (!text.empty() && blank(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  if (text.size() < kName.size()) return false;
  text.remove_prefix(text.size() - kName.size());
  return std::equal(text.begin(), text.end(), kName.begin(), [](unsigned char a, char b) {
    return static_cast<char>(std::tolower(a)) == b;
  });
}

/// Whether what stands before an = ends with the name of an option that is written with escapes.
bool ends_with_escaped_name(std::string_view text) {
  const size_t other = text.find_last_of("=&");
  const std::string_view name = other == kNone ? text : text.substr(other);
  const size_t first = name.find_first_of("?&");
  return first != kNone && name.find_first_of("%\\", first) != kNone;
}

}  // namespace

std::string without_password(std::string_view text) {
  const std::string all = without_authority(text);
  const std::string_view left(all);
  std::string shown;
  size_t from = 0;
  for (size_t equals = left.find('='); equals != kNone; equals = left.find('=', equals + 1)) {
    const std::string_view before = left.substr(0, equals);
    if (!ends_with_password(before) && !ends_with_escaped_name(before)) continue;
    shown.append(left.substr(from, equals + 1 - from)).append(kHidden);
    from = std::min(left.find('&', equals), left.size());
    equals = from;
  }
  return shown.append(left.substr(from));
}

}  // namespace nas
