#include "nas/search/evaluator.hpp"

#include <fmt/core.h>

namespace nas {

std::string trial_folder_name(int64_t number) { return fmt::format("trial-{:06}", number); }

}  // namespace nas
