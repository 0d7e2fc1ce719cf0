#include "tools/worker_environment.hpp"

#include <cstdlib>

namespace nas {

std::pair<std::string, std::string> huge_pages_variable() {
  constexpr const char* kName = "GLIBC_TUNABLES";
  const char* given = std::getenv(kName);
  return {kName, given != nullptr ? given : "glibc.malloc.hugetlb=1"};
}

Environment worker_environment(int64_t threads) {
  // Spinning OpenMP threads cost several times the work where workers share cores.
  return {{"OMP_NUM_THREADS", std::to_string(threads)}, {"OMP_WAIT_POLICY", "passive"}};
}

Environment tensor_worker_environment(int64_t threads) {
  Environment environment = worker_environment(threads);
  environment.push_back(huge_pages_variable());
  return environment;
}

}  // namespace nas
