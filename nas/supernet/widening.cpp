#include "nas/supernet/widening.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Options of one row; all `count` where nothing is said of what is kept.
std::vector<int64_t> options_of(const KeptOptions& kept, size_t group, size_t row, size_t count) {
  if (!kept.empty()) return kept[group][row];
  std::vector<int64_t> all(count);
  for (size_t i = 0; i < count; ++i) all[i] = static_cast<int64_t>(i);
  return all;
}

/// Where among the options before each of those after stands.
std::vector<int64_t> ranks_before(const Widening& widening, size_t group, size_t row) {
  const size_t count = widening.plan.groups[group].options.size();
  const auto before = options_of(widening.before, group, row, count);
  std::vector<int64_t> ranks;
  for (const int64_t option : options_of(widening.after, group, row, count)) {
    ranks.push_back(std::find(before.begin(), before.end(), option) - before.begin());
  }
  return ranks;
}

/// Where a tensor of an option comes from.
struct Source {
  std::string prefix;   // of its name in the narrower supernet
  uint64_t option = 0;  // a number of its own
};

/// By the prefix of the names of an option's tensors.
std::map<std::string, Source> sources_of(const Widening& widening) {
  std::map<std::string, Source> sources;
  for (const Node& node : widening.plan.network.nodes) {
    const auto* mixed = std::get_if<Mixed>(&node.layer);
    if (mixed == nullptr) continue;
    const auto ranks =
        ranks_before(widening, static_cast<size_t>(mixed->group), static_cast<size_t>(mixed->row));
    for (size_t rank = 0; rank < ranks.size(); ++rank) {
      sources[fmt::format("{}.{}.", node.name, rank)] = {
          fmt::format("{}.{}.", node.name, ranks[rank]), sources.size()};
    }
  }
  return sources;
}

/// The prefix that ends `name` at one of its dots.
const std::pair<const std::string, Source>* source_of(const std::map<std::string, Source>& sources,
                                                      const std::string& name) {
  for (size_t dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
    const auto found = sources.find(name.substr(0, dot + 1));
    if (found != sources.end()) return &*found;
  }
  return nullptr;
}

torch::Tensor widened(torch::Tensor tensor, const torch::Tensor& like, const RandomStream& stream) {
  for (int64_t dim = 0; dim < tensor.dim(); ++dim) {
    RandomStream random = stream;  // the same channels in every tensor
    const int64_t size = tensor.size(dim);
    std::vector<int64_t> slices(static_cast<size_t>(like.size(dim)));
    for (size_t i = 0; i < slices.size(); ++i) {
      const auto index = static_cast<int64_t>(i);
      slices[i] = index < size ? index : random.below(size);
    }
    tensor = tensor.index_select(dim, torch::tensor(slices).to(tensor.device()));
  }
  return tensor;
}

}  // namespace

NamedTensors widened_weights(const Widening& widening, const NamedTensors& before,
                             const NamedTensors& like) {
  const auto sources = sources_of(widening);
  const std::map<std::string, torch::Tensor> tensors(before.begin(), before.end());
  NamedTensors result;
  for (const auto& [name, own] : like) {
    const auto* source = source_of(sources, name);
    const std::string old =
        source == nullptr ? name : source->second.prefix + name.substr(source->first.size());
    const auto found = tensors.find(old);
    if (found == tensors.end()) {
      throw InputError("widening the supernet: tensor '" + old + "' is missing");
    }
    const RandomStream stream(widening.seed, "supernet.channels",
                              source == nullptr ? 0 : source->second.option);
    result.emplace_back(name, widened(found->second, own, stream));
  }
  return result;
}

torch::Tensor kept_columns(const Widening& widening, size_t group, const torch::Tensor& columns) {
  if (columns.dim() != 2) return columns;
  std::vector<torch::Tensor> rows;
  for (int64_t row = 0; row < columns.size(0); ++row) {
    const auto ranks = ranks_before(widening, group, static_cast<size_t>(row));
    rows.push_back(columns[row].index_select(0, torch::tensor(ranks).to(columns.device())));
  }
  return torch::stack(rows);
}

}  // namespace nas
