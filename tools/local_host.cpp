#include "tools/local_host.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include <string>

#include "nas/core/lower_case.hpp"

namespace nas {
namespace {

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

/// "[::1]:80" -> "::1"; "localhost:80" -> "localhost"; a bare IPv6 address stays.
std::string without_port(std::string_view header) {
  const std::string text = lower_case(std::string(header));
  if (!text.empty() && text.front() == '[') return text.substr(1, text.find(']') - 1);
  const size_t colon = text.find(':');
  return colon == text.rfind(':') ? text.substr(0, colon) : text;
}

}  // namespace

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.substr(0, 4) == "127.";
}

bool names_this_server(std::string_view header, std::string_view served) {
  const std::string name = without_port(header);
  return name == "localhost" || name == without_port(served) || is_address(name);
}

}  // namespace nas
