#include "tools/huge_pages.hpp"

#include <cstdlib>

namespace nas {

std::pair<std::string, std::string> huge_pages_variable() {
  constexpr const char* kName = "GLIBC_TUNABLES";
  const char* given = std::getenv(kName);
  return {kName, given != nullptr ? given : "glibc.malloc.hugetlb=1"};
}

}  // namespace nas
