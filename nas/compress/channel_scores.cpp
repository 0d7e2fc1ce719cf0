#include "nas/compress/channel_scores.hpp"

#include <cmath>
#include <limits>
#include <map>

#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/loss.hpp"

namespace nas {
namespace {

using Kind = UnitParameter::Kind;

bool of_norm(const UnitParameter& parameter) {
  return parameter.kind == Kind::norm_scale || parameter.kind == Kind::norm_shift;
}

/// Adds to `sums` (by unit) one number a row of `values`: the sum over the row.
void add_rows(std::vector<double>& sums, const UnitParameter& parameter,
              const torch::Tensor& values) {
  const torch::Tensor rows = values.detach()
                                 .reshape({values.size(0), -1})
                                 .sum(1, /*keepdim=*/false, torch::kDouble)
                                 .cpu()
                                 .contiguous();
  const double* row = rows.const_data_ptr<double>();
  for (const int64_t unit : parameter.units) sums[static_cast<size_t>(unit)] += *row++;
}

/// Units that a batch norm with a scale lies over.
std::vector<char> normed_units(std::span<const UnitParameter> parameters, int64_t units) {
  std::vector<char> normed(static_cast<size_t>(units), 0);
  for (const UnitParameter& parameter : parameters) {
    if (!of_norm(parameter)) continue;
    for (const int64_t unit : parameter.units) normed[static_cast<size_t>(unit)] = 1;
  }
  return normed;
}

/// Sums of absolute values over the parameters of one kind.
std::vector<double> absolute_sums(std::span<const UnitParameter> parameters, int64_t units,
                                  const NamedTensors& state, Kind kind) {
  const std::map<std::string, torch::Tensor> tensors(state.begin(), state.end());
  std::vector<double> sums(static_cast<size_t>(units), 0);
  for (const UnitParameter& parameter : parameters) {
    if (parameter.kind == kind) add_rows(sums, parameter, tensors.at(parameter.tensor).abs());
  }
  return sums;
}

}  // namespace

std::vector<double> magnitude_scores(std::span<const UnitParameter> parameters, int64_t units,
                                     const NamedTensors& state) {
  return absolute_sums(parameters, units, state, Kind::filter);
}

std::vector<double> batch_norm_scores(std::span<const UnitParameter> parameters, int64_t units,
                                      const NamedTensors& state) {
  auto sums = absolute_sums(parameters, units, state, Kind::norm_scale);
  const auto normed = normed_units(parameters, units);
  for (size_t unit = 0; unit < sums.size(); ++unit) {
    if (normed[unit] == 0) sums[unit] = std::numeric_limits<double>::infinity();
  }
  return sums;
}

std::vector<double> taylor_scores(std::span<const UnitParameter> parameters, int64_t units,
                                  Network& network, std::span<const LabelledBatch> batches) {
  const auto normed = normed_units(parameters, units);
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : network.named_parameters()) tensors[item.key()] = item.value();
  std::vector<double> scores(static_cast<size_t>(units), 0);
  network.eval();
  for (const LabelledBatch& batch : batches) {
    network.zero_grad();
    cross_entropy(network.forward(batch.images).front().to(torch::kFloat), batch.labels, 0)
        .backward();
    std::vector<double> of_norms(scores.size(), 0);
    std::vector<double> of_filters(scores.size(), 0);
    for (const UnitParameter& parameter : parameters) {
      const torch::Tensor& weight = tensors.at(parameter.tensor);
      if (!weight.grad().defined()) continue;  // a dead end
      add_rows(of_norm(parameter) ? of_norms : of_filters, parameter, weight * weight.grad());
    }
    for (size_t unit = 0; unit < scores.size(); ++unit) {
      scores[unit] += std::abs(normed[unit] != 0 ? of_norms[unit] : of_filters[unit]) /
                      static_cast<double>(batches.size());
    }
  }
  return scores;
}

std::vector<double> random_scores(int64_t units, uint64_t seed) {
  RandomStream random(seed, "prune.random");
  std::vector<double> scores;
  for (int64_t unit = 0; unit < units; ++unit) scores.push_back(random.uniform());
  return scores;
}

}  // namespace nas
