#include "nas/core/secret.hpp"

#include <regex>

namespace nas {

std::string without_password(std::string_view text) {
  static const std::regex kInAuthority(R"((://[^/@\s:]*:)\S*@)");
  static const std::regex kAsOption(R"((password=)[^&\s]*)");
  const std::string hidden = std::regex_replace(std::string(text), kInAuthority, "$1***@");
  return std::regex_replace(hidden, kAsOption, "$1***");
}

}  // namespace nas
