#include "nas/kernels/channel_shuffle.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

torch::Tensor channels_shuffled(const torch::Tensor& x, int64_t groups) {
  if (x.is_contiguous(torch::MemoryFormat::ChannelsLast)) {
    return x.permute({0, 2, 3, 1})
        .unflatten(3, {groups, -1})
        .transpose(3, 4)
        .flatten(3)
        .permute({0, 3, 1, 2});
  }
  return x.unflatten(1, {groups, -1}).transpose(1, 2).flatten(1, 2);
}

}  // namespace nas
