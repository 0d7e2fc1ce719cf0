#include "tools/worker_environment.hpp"

#include <cstdlib>

namespace nas {

std::pair<std::string, std::string> heap_variable() {
  constexpr const char* kName = "GLIBC_TUNABLES";
  // Of the threshold for own mappings this is the largest that glibc takes; what is freed above the
  // other one, in bytes, would go back to the system.
  constexpr const char* kTunables =
      "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432:"
      "glibc.malloc.trim_threshold=17179869184";
  const char* given = std::getenv(kName);
  return {kName, given != nullptr ? given : kTunables};
}

Environment worker_environment(int64_t threads) {
  // Spinning OpenMP threads cost several times the work where workers share cores.
  return {{"OMP_NUM_THREADS", std::to_string(threads)}, {"OMP_WAIT_POLICY", "passive"}};
}

Environment tensor_worker_environment(int64_t threads) {
  Environment environment = worker_environment(threads);
  environment.push_back(heap_variable());
  return environment;
}

}  // namespace nas
