#include "nas/supernet/mixture.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor softmax_mixture(const torch::Tensor& alphas) { return at::softmax(alphas, 1); }

}  // namespace nas
