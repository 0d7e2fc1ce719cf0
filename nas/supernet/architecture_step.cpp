#include "nas/supernet/architecture_step.hpp"

#include <limits>
#include <utility>

#include "nas/torch/layers.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/gradient_sum.hpp"

namespace nas {
namespace {

using Tensors = std::vector<torch::Tensor>;

/// Keeps the values of tensors and puts them back, bit for bit, on demand and at the end.
class Kept {
 public:
  explicit Kept(Tensors tensors) : tensors_(std::move(tensors)) {
    for (torch::Tensor& tensor : tensors_) {
      tensor = tensor.detach();
      values_.push_back(tensor.clone());
    }
  }
  ~Kept() { put_back(); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  void put_back() {
    if (!tensors_.empty()) at::_foreach_copy_(tensors_, values_);
  }
  /// Sharing storage with the originals, outside of any graph.
  Tensors& tensors() { return tensors_; }

 private:
  Tensors tensors_;
  Tensors values_;
};

/// Gradients of the loss; zeros where it does not depend on a tensor.
Tensors gradients_of(const torch::Tensor& loss, const Tensors& by) {
  Tensors gradients = torch::autograd::grad({loss}, by, {}, /*retain_graph=*/std::nullopt,
                                            /*create_graph=*/false, /*allow_unused=*/true);
  for (size_t i = 0; i < by.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = torch::zeros_like(by[i]);
  }
  return gradients;
}

/// Of a batch's loss, which is summed up too.
struct LossGradient {
  Tensors gradients;
  torch::Tensor loss;
};

LossGradient loss_gradient(Supernet& supernet, const Batch& batch, const Tensors& by) {
  const torch::Tensor loss = supernet_loss(supernet, batch);
  LossGradient result{gradients_of(loss, by), loss.detach()};
  Tensors all = result.gradients;
  all.push_back(result.loss);
  sum_over_processes(all, batch);
  return result;
}

Tensors alpha_gradients(Supernet& supernet, const Batch& batch) {
  return loss_gradient(supernet, batch, supernet.alphas()).gradients;
}

torch::Tensor norm_of(const Tensors& tensors) {
  return torch::stack(at::_foreach_norm(tensors)).norm();
}

/// w <- w' for `weights`, which hold w.
void take_unrolled_step(Supernet& supernet, Tensors& weights, const Batch& train,
                        const Unroll& unroll) {
  Tensors direction = loss_gradient(supernet, train, supernet.weights()).gradients;
  const torch::NoGradGuard no_grad;
  at::_foreach_add_(direction, weights, unroll.weight_decay);
  at::_foreach_add_(direction, unroll.momentum_buffers, unroll.momentum);
  at::_foreach_add_(weights, direction, -unroll.learning_rate);
}

/// d/d alpha of g . d L_train(w, alpha) / dw by a central difference along g.
Tensors mixed_product(Supernet& supernet, Kept& weights, const Batch& train,
                      const Tensors& direction, double radius) {
  const torch::Tensor norm = norm_of(direction).clamp_min(std::numeric_limits<float>::min());
  const torch::Tensor epsilon = radius / norm;
  const Tensors shift = at::_foreach_mul(direction, epsilon);
  at::_foreach_add_(weights.tensors(), shift, 1);
  Tensors difference = alpha_gradients(supernet, train);
  weights.put_back();
  at::_foreach_sub_(weights.tensors(), shift, 1);
  const Tensors behind = alpha_gradients(supernet, train);
  at::_foreach_sub_(difference, behind, 1);
  at::_foreach_div_(difference, epsilon * 2);
  return difference;
}

}  // namespace

std::vector<torch::Tensor> penalty_gradients(const Supernet& supernet) {
  const torch::Tensor penalty = supernet.penalty();
  if (!penalty.defined()) return {};
  return gradients_of(penalty, supernet.alphas());
}

torch::Tensor supernet_loss(Supernet& supernet, const Batch& batch) {
  supernet.network().set_shared_batch(shared_batch(batch.examples, batch.together));
  const torch::Tensor loss = at::cross_entropy_loss(supernet.forward(batch.images), batch.labels);
  if (!batch.together) return loss;
  return loss * (static_cast<double>(batch.images.size(0)) / static_cast<double>(batch.examples));
}

void sum_over_processes(const Tensors& tensors, const Batch& batch) {
  if (batch.together) sum_tensors(tensors, *batch.together->group);
}

ArchitectureGradient first_order_gradient(Supernet& supernet, const Batch& validation) {
  const Kept buffers(supernet.buffers());
  auto [gradients, loss] = loss_gradient(supernet, validation, supernet.alphas());
  return {std::move(gradients), loss};
}

ArchitectureGradient second_order_gradient(Supernet& supernet, const Batch& train,
                                           const Batch& validation, const Unroll& unroll) {
  const Kept buffers(supernet.buffers());
  Kept weights(supernet.weights());
  take_unrolled_step(supernet, weights.tensors(), train, unroll);

  const auto groups = static_cast<int64_t>(supernet.alphas().size());
  Tensors by = supernet.alphas();
  by.insert(by.end(), supernet.weights().begin(), supernet.weights().end());
  const auto [all, loss] = loss_gradient(supernet, validation, by);
  Tensors result(all.begin(), all.begin() + groups);
  const Tensors direction(all.begin() + groups, all.end());

  weights.put_back();
  const Tensors product = mixed_product(supernet, weights, train, direction, unroll.radius);
  at::_foreach_add_(result, product, -unroll.learning_rate);
  return {std::move(result), loss};
}

}  // namespace nas
