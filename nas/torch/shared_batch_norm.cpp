#include "nas/torch/shared_batch_norm.hpp"

#include <array>
#include <optional>

#include "nas/torch/process_group.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

constexpr std::array<int64_t, 3> kAllButChannels{0, 2, 3};

torch::Tensor by_channel(const torch::Tensor& values) { return values.view({1, -1, 1, 1}); }

/// Of the union of all batches, float64 [C]; count is float64 [].
struct Moments {
  torch::Tensor mean;
  torch::Tensor variance;  // divided by the count
  torch::Tensor count;
};

Moments moments_of(const torch::Tensor& x, ProcessGroup& group) {
  const auto [variance, mean] = at::var_mean(x, kAllButChannels, /*correction=*/0);
  const auto count = static_cast<double>(x.numel() / x.size(1));
  const torch::Tensor own_mean = mean.to(torch::kDouble);
  const torch::Tensor own_variance = variance.to(torch::kDouble);
  const torch::Tensor sums =
      torch::cat({own_mean * count, (own_variance + own_mean * own_mean) * count,
                  torch::full({1}, count, own_mean.options())});
  group.sum(sums);
  const int64_t channels = x.size(1);
  const torch::Tensor total = sums[2 * channels];
  const torch::Tensor all_mean = sums.narrow(0, 0, channels) / total;
  const torch::Tensor square = sums.narrow(0, channels, channels) / total;
  return {all_mean, (square - all_mean * all_mean).clamp_min(0), total};
}

void move_running(const NormWeights& weights, const Moments& moments, double momentum) {
  const torch::Tensor unbiased = moments.variance * (moments.count / (moments.count - 1));
  torch::Tensor(weights.running_mean).lerp_(moments.mean.to(torch::kFloat), momentum);
  torch::Tensor(weights.running_variance).lerp_(unbiased.to(torch::kFloat), momentum);
}

/// Autograd takes no undefined tensor for an input, but nothing for one.
std::optional<torch::Tensor> where_defined(const torch::Tensor& tensor) {
  return tensor.defined() ? std::optional(tensor) : std::nullopt;
}

/// Ioffe & Szegedy 2015, section 3, over a batch that lies in parts.
class SharedBatchNorm : public torch::autograd::Function<SharedBatchNorm> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const std::optional<torch::Tensor>& weight,
                               const std::optional<torch::Tensor>& bias, const NormWeights& weights,
                               double momentum, ProcessGroup* group) {
    const torch::Tensor input = x.to(torch::kFloat);
    const Moments moments = moments_of(input, *group);
    move_running(weights, moments, momentum);
    const torch::Tensor mean = moments.mean.to(torch::kFloat);
    const torch::Tensor inverse = (moments.variance + kNormEpsilon).rsqrt().to(torch::kFloat);
    torch::Tensor y = (input - by_channel(mean)) * by_channel(inverse);
    if (weight) y = y * by_channel(*weight) + by_channel(*bias);
    context->save_for_backward({x, weights.weight, mean, inverse, moments.count});
    context->saved_data["group"] = reinterpret_cast<int64_t>(group);
    return y.to(x.scalar_type());
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    auto& group = *reinterpret_cast<ProcessGroup*>(context->saved_data["group"].toInt());
    const torch::Tensor& weight = saved[1];
    const torch::Tensor inverse = by_channel(saved[3]);
    const torch::Tensor g = gradients[0].to(torch::kFloat);
    const torch::Tensor normal = (saved[0].to(torch::kFloat) - by_channel(saved[2])) * inverse;
    // Sums of g and of g times the normalised input: gradients of bias and weight as they are.
    const torch::Tensor own =
        torch::stack({g.sum(kAllButChannels, false, torch::kDouble),
                      (g * normal).sum(kAllButChannels, false, torch::kDouble)});
    const torch::Tensor all = own.clone();
    group.sum(all);
    const torch::Tensor means = (all / saved[4]).to(torch::kFloat);
    torch::Tensor dx = (g - by_channel(means[0]) - normal * by_channel(means[1])) * inverse;
    if (weight.defined()) dx = dx * by_channel(weight);
    const torch::Tensor own_sums = own.to(torch::kFloat);
    return {dx.to(saved[0].scalar_type()),
            weight.defined() ? own_sums[1] : torch::Tensor(),
            weight.defined() ? own_sums[0] : torch::Tensor(),
            torch::Tensor(),
            torch::Tensor(),
            torch::Tensor()};
  }
};

}  // namespace

torch::Tensor shared_batch_norm(const torch::Tensor& x, const NormWeights& weights, double momentum,
                                ProcessGroup& group) {
  return SharedBatchNorm::apply(x, where_defined(weights.weight), where_defined(weights.bias),
                                weights, momentum, &group);
}

}  // namespace nas
