#include "nas/torch/attention.hpp"

#include <cmath>

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor attention(const torch::Tensor& x, const Attention& layer) {
  const int64_t samples = x.size(0);
  const int64_t height = x.size(2);
  const int64_t width = x.size(3);
  const int64_t size = layer.channels / layer.heads;
  // [3, N, heads, H*W, size]
  const torch::Tensor split = x.permute({0, 2, 3, 1})
                                  .reshape({samples, height * width, layer.heads, 3, size})
                                  .permute({3, 0, 2, 1, 4});
  const torch::Tensor queries = split[0] * (1.0 / std::sqrt(static_cast<double>(size)));
  const torch::Tensor weights = at::softmax(at::matmul(queries, split[1].transpose(2, 3)), -1);
  return at::matmul(weights, split[2])
      .transpose(1, 2)
      .reshape({samples, height, width, layer.channels})
      .permute({0, 3, 1, 2});
}

}  // namespace nas
