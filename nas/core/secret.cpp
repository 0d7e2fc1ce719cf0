#include "nas/core/secret.hpp"

#include <regex>

namespace nas {

std::string without_password(std::string_view text) {
  // Rather too much than too little: libpq takes blanks in a password, and escapes in names.
  static const std::regex kInAuthority(R"((://[^/@:]*:)[\s\S]*@)");
  static const std::regex kAsOption(R"((password\s*=)[^&]*)", std::regex::icase);
  static const std::regex kEscapedOption(R"(([?&][^=&]*[%\\][^=&]*=)[^&]*)");
  std::string hidden = std::regex_replace(std::string(text), kInAuthority, "$1***@");
  hidden = std::regex_replace(hidden, kAsOption, "$1***");
  return std::regex_replace(hidden, kEscapedOption, "$1***");
}

}  // namespace nas
