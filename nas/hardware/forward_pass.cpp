#include "nas/hardware/forward_pass.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

ForwardPass::ForwardPass(const NetworkPlan& plan, const Shape& input, int64_t batch_size,
                         torch::Device device)
    : network_(build_network(plan, 0, device)),
      x_(torch::ones({batch_size, input.channels, input.height, input.width}, device)
             .contiguous(torch::MemoryFormat::ChannelsLast)) {
  network_->eval();
}

void ForwardPass::operator()() const {
  const torch::InferenceMode inference;
  network_->forward(x_);
}

}  // namespace nas
