#include "nas/supernet/channel_sorting.hpp"

#include <map>
#include <string>
#include <utility>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using Dimension = std::pair<std::string, int64_t>;  // tensor and dim

/// Into `numbers`, how many channels each dimension has in the networks of `points`.
std::map<Dimension, std::set<int64_t>> channels_in(const Space& space,
                                                   const std::vector<Point>& points) {
  std::map<Dimension, std::set<int64_t>> numbers;
  for (const Point& point : points) {
    for (const auto& group : channel_groups(*space.subnetwork(point), space.task().input)) {
      for (const auto& use : group.uses) numbers[{use.tensor, use.dim}].insert(group.channels);
    }
  }
  return numbers;
}

std::set<int64_t> numbers_of(const ChannelGroup& group,
                             const std::map<Dimension, std::set<int64_t>>& numbers) {
  std::set<int64_t> own;
  for (const auto& use : group.uses) {
    const auto found = numbers.find({use.tensor, use.dim});
    if (found != numbers.end()) own.insert(found->second.begin(), found->second.end());
  }
  return own;
}

/// Sum of magnitudes over all other dimensions of the weights that read the channels.
torch::Tensor importance(const ChannelGroup& group,
                         const std::map<std::string, torch::Tensor>& tensors) {
  torch::Tensor sum;
  for (const auto& use : group.uses) {
    if (!use.reads) continue;
    const torch::Tensor part = tensors.at(use.tensor).abs().transpose(0, use.dim).flatten(1).sum(1);
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

torch::Tensor order_within(const torch::Tensor& importance, const std::set<int64_t>& bounds) {
  std::vector<torch::Tensor> parts;
  int64_t begin = 0;
  for (const int64_t end : bounds) {
    if (end == begin) continue;
    const torch::Tensor part = importance.slice(0, begin, end);
    parts.push_back(torch::argsort(part, /*stable=*/true, /*dim=*/0, /*descending=*/true) + begin);
    begin = end;
  }
  return torch::cat(parts);
}

}  // namespace

std::vector<SortableChannels> shrinking_channels(const Space& space, const ElasticChoices& now,
                                                 const ElasticChoices& before) {
  const auto numbers_now = channels_in(space, now.variants());
  const auto numbers_before = channels_in(space, before.variants());
  std::vector<SortableChannels> sortable;
  for (const auto& group : channel_groups(*space.shared_network(), space.task().input)) {
    const auto now_has = numbers_of(group, numbers_now);
    if (now_has.empty() || *now_has.begin() >= group.channels) continue;
    auto bounds = numbers_of(group, numbers_before);
    bounds.insert(0);
    bounds.insert(group.channels);
    sortable.push_back({group, std::move(bounds)});
  }
  return sortable;
}

void sort_channels(const std::vector<SortableChannels>& channels, const NamedTensors& state) {
  const torch::NoGradGuard no_grad;
  const std::map<std::string, torch::Tensor> tensors(state.begin(), state.end());
  for (const auto& [group, bounds] : channels) {
    const torch::Tensor weights = importance(group, tensors);
    if (!weights.defined()) continue;
    const torch::Tensor order = order_within(weights, bounds);
    for (const auto& use : group.uses) {
      const auto found = tensors.find(use.tensor);
      if (found == tensors.end())
        continue;  // a bias, or a norm's scale, that the layer does without
      torch::Tensor(found->second).copy_(found->second.index_select(use.dim, order));
    }
  }
}

}  // namespace nas
