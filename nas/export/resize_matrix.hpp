#pragma once

#include <cstdint>
#include <vector>

namespace nas {

/// Weights [to, from] by which the Resize layer makes `to` numbers along one axis out of `from`:
/// bilinear, antialiased (a triangle as wide as the reduction), as PyTorch's
/// interpolate(antialias=True). Resizing a map is this along height and along width.
std::vector<float> resize_matrix(int64_t from, int64_t to);

/// Its rows as columns, [from, to].
std::vector<float> transposed_resize_matrix(int64_t from, int64_t to);

}  // namespace nas
