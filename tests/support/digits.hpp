#pragma once

#include <cstdint>

#include "nas/data/data_config.hpp"

namespace nas::test {

/// The embedded digits, at most so many to train and validate on.
inline DataConfig some_digits(int64_t limit) {
  DataConfig config;
  config.limit = limit;
  return config;
}

}  // namespace nas::test
