#pragma once

#include <string_view>

namespace nas {

/// What the names of IDX files hold, as those of MNIST: `train-images-idx3-ubyte`, also `.gz`.
inline constexpr std::string_view kIdxImages = "idx3-ubyte";
inline constexpr std::string_view kIdxLabels = "idx1-ubyte";

/// Whether a file of this name holds `kind`, kIdxImages or kIdxLabels.
bool is_idx_file(std::string_view name, std::string_view kind);
/// Whether it holds either of them.
inline bool is_idx_file(std::string_view name) {
  return is_idx_file(name, kIdxImages) || is_idx_file(name, kIdxLabels);
}
/// Whether it is of the test split: `t10k-...` or `test...`.
bool is_idx_test(std::string_view name);

}  // namespace nas
