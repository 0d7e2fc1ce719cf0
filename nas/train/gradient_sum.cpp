#include "nas/train/gradient_sum.hpp"

#include "nas/torch/process_group.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kBucket = 25 << 20;  // bytes, as in PyTorch's DistributedDataParallel

void sum_together(const std::vector<torch::Tensor>& tensors, ProcessGroup& group) {
  std::vector<torch::Tensor> flat;
  std::vector<int64_t> sizes;
  for (const torch::Tensor& tensor : tensors) {
    flat.push_back(tensor.flatten());
    sizes.push_back(tensor.numel());
  }
  const torch::Tensor all = torch::cat(flat);
  group.sum(all);
  const auto sums = all.split_with_sizes(sizes);
  for (size_t i = 0; i < sums.size(); ++i) {
    torch::Tensor(tensors[i]).copy_(sums[i].view(tensors[i].sizes()));
  }
}

}  // namespace

void sum_tensors(const std::vector<torch::Tensor>& tensors, ProcessGroup& group) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> bucket;
  int64_t bytes = 0;
  for (const torch::Tensor& tensor : tensors) {
    bucket.push_back(tensor);
    bytes += static_cast<int64_t>(tensor.nbytes());
    if (bytes < kBucket) continue;
    sum_together(bucket, group);
    bucket.clear();
    bytes = 0;
  }
  if (!bucket.empty()) sum_together(bucket, group);
}

void sum_gradients(const std::vector<torch::Tensor>& parameters, ProcessGroup& group) {
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  sum_tensors(gradients, group);
}

}  // namespace nas
