#include "nas/kernels/batch_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

std::vector<double> values_of(const torch::Tensor& tensor, size_t channels, double otherwise) {
  if (!tensor.defined()) return std::vector<double>(channels, otherwise);
  const torch::Tensor values = tensor.detach().to(torch::kDouble).contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + channels};
}

void move_towards(const torch::Tensor& running, const std::vector<double>& batch, double momentum) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor target = torch::tensor(batch, torch::kDouble).to(running.scalar_type());
  torch::Tensor(running).lerp_(target, momentum);
}

}  // namespace

ChannelSums channel_sums(const std::vector<double>& sums) {
  const auto half = static_cast<int64_t>(sums.size() / 2);
  return {{sums.begin(), sums.begin() + half}, {sums.begin() + half, sums.end()}};
}

BatchStatistics batch_statistics(const NormWeights& norm, const ChannelSums& sums, double count,
                                 const NormPass& pass) {
  const size_t channels = sums.first.size();
  BatchStatistics result{
      {}, {}, values_of(norm.weight, channels, 1), values_of(norm.bias, channels, 0), count};
  std::vector<double> variance;
  if (pass.training) {
    std::vector<double> unbiased;
    for (size_t i = 0; i < channels; ++i) {
      result.mean.push_back(sums.first[i] / count);
      const double spread = sums.second[i] / count - result.mean[i] * result.mean[i];
      variance.push_back(std::max(spread, std::isnan(spread) ? spread : 0.0));
      unbiased.push_back(variance[i] * count / (count - 1));
    }
    move_towards(norm.running_mean, result.mean, pass.momentum);
    move_towards(norm.running_variance, unbiased, pass.momentum);
  } else {
    result.mean = values_of(norm.running_mean, channels, 0);
    variance = values_of(norm.running_variance, channels, 1);
  }
  for (const double value : variance) result.inverse.push_back(1 / std::sqrt(value + kNormEpsilon));
  return result;
}

ChannelMap normalization(const BatchStatistics& statistics, double factor) {
  ChannelMap map;
  for (size_t i = 0; i < statistics.mean.size(); ++i) {
    const double scale = statistics.weight[i] * statistics.inverse[i];
    map.scale.push_back(factor * scale);
    map.shift.push_back(factor * (statistics.bias[i] - scale * statistics.mean[i]));
  }
  return map;
}

NormGradient norm_gradient(const BatchStatistics& statistics, const ChannelSums& sums,
                           double factor) {
  NormGradient result;
  for (size_t i = 0; i < statistics.mean.size(); ++i) {
    const double mean = statistics.mean[i];
    const double inverse = statistics.inverse[i];
    // Sums of g and of g times the normalised z.
    const double sum = sums.first[i];
    const double product = inverse * (sums.second[i] - mean * sum);
    result.factor += statistics.weight[i] * product + statistics.bias[i] * sum;
    result.weight.push_back(factor * product);
    result.bias.push_back(factor * sum);
    // Ioffe & Szegedy 2015, section 3, with the terms in z and in 1 gathered.
    const double a = factor * statistics.weight[i] * inverse;
    const double b = -a * inverse * product / statistics.count;
    result.a.push_back(a);
    result.b.push_back(b);
    result.c.push_back(-a * sum / statistics.count - b * mean);
  }
  return result;
}

NormGradient plain_gradient(const ChannelSums& sums, double factor) {
  const std::vector zeros(sums.second.size(), 0.0);
  NormGradient gradient{std::vector(zeros.size(), factor), zeros, zeros, {}, {}, 0};
  for (const double sum : sums.second) gradient.factor += sum;
  return gradient;
}

}  // namespace nas
