#pragma once

#include <span>
#include <string_view>

namespace nas {

/// A C99 function of the C export, from nas/export/c_kernels/<name>.c.
struct CKernel {
  std::string_view name;
  std::string_view source;
};

/// In alphabetical order.
std::span<const CKernel> c_kernels();

}  // namespace nas
