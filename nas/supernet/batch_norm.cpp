#include "nas/supernet/batch_norm.hpp"

#include "nas/torch/layers.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

void recalibrate_batch_norms(Network& network, std::span<const torch::Tensor> batches) {
  const torch::NoGradGuard no_grad;
  if (!batches.empty()) {
    // What was there counts for nothing, but 0 times what is not a number would.
    for (torch::Tensor& buffer : network.buffers()) buffer.zero_();
  }
  network.train();
  for (size_t i = 0; i < batches.size(); ++i) {
    network.set_batch_norm_momentum(1.0 / static_cast<double>(i + 1));
    network.forward(batches[i]);
  }
  network.set_batch_norm_momentum(Pass().batch_norm_momentum);
  network.eval();
}

}  // namespace nas
