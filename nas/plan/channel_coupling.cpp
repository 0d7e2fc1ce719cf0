#include "nas/plan/channel_coupling.hpp"

#include <algorithm>
#include <map>
#include <variant>

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Sets of channels that are joined step by step.
class Unions {
 public:
  int64_t add() {
    parent_.push_back(static_cast<int64_t>(parent_.size()));
    fixed_.push_back(0);
    return parent_.back();
  }
  int64_t root(int64_t channel) {
    while (parent_[at(channel)] != channel) {
      parent_[at(channel)] = parent_[at(parent_[at(channel)])];
      channel = parent_[at(channel)];
    }
    return channel;
  }
  void join(int64_t a, int64_t b) {
    a = root(a);
    b = root(b);
    if (a == b) return;
    fixed_[at(a)] = fixed_[at(a)] != 0 || fixed_[at(b)] != 0 ? 1 : 0;
    parent_[at(b)] = a;
  }
  void fix(int64_t channel) { fixed_[at(root(channel))] = 1; }
  bool fixed(int64_t channel) { return fixed_[at(root(channel))] != 0; }
  int64_t size() const { return static_cast<int64_t>(parent_.size()); }

 private:
  std::vector<int64_t> parent_;
  std::vector<char> fixed_;
};

using Channels = std::vector<int64_t>;

/// Gives each node's output its channels: those of its inputs where it passes them on, new ones
/// where it makes them.
class Tracing {
 public:
  Tracing(const NetworkPlan& plan, const std::vector<Shape>& shape) : plan_(plan), shape_(shape) {
    for (node_ = 0; node_ < plan.nodes.size(); ++node_) {
      channels_.push_back(std::visit(*this, plan.nodes[node_].layer));
    }
    for (const int64_t output : plan.outputs) fix(channels_[at(output)]);
  }

  Channels operator()(const Input&) { return fix(fresh()); }
  Channels operator()(const Convolution& layer) {
    if (layer.groups == 1) return produced();
    const int64_t in_each = layer.in_channels / layer.groups;
    if (in_each == 1) return repeated(layer.out_channels / layer.groups);
    join_by_place(input(), in_each);
    Channels made = produced();
    join_by_place(made, layer.out_channels / layer.groups);
    return made;
  }
  Channels operator()(const Linear&) { return produced(); }
  Channels operator()(const Concatenate&) {
    Channels all;
    for (const int64_t from : plan_.nodes[node_].inputs) {
      all.insert(all.end(), channels_[at(from)].begin(), channels_[at(from)].end());
    }
    return all;
  }
  Channels operator()(const Add&) { return joined(); }
  Channels operator()(const Multiply&) { return joined(); }
  Channels operator()(const LayerNorm&) { return fix(input()); }
  Channels operator()(const PositionEmbedding&) { return fix(input()); }
  Channels operator()(const Attention&) { return apart(); }
  Channels operator()(const Mixed&) { return apart(); }
  Channels operator()(const BatchNorm&) { return input(); }
  Channels operator()(const Relu&) { return input(); }
  Channels operator()(const Gelu&) { return input(); }
  Channels operator()(const Activation&) { return input(); }
  Channels operator()(const MaxPool&) { return input(); }
  Channels operator()(const AveragePool&) { return input(); }
  Channels operator()(const GlobalAveragePool&) { return input(); }
  Channels operator()(const Identity&) { return input(); }
  Channels operator()(const Zero&) { return input(); }
  Channels operator()(const Shift&) { return input(); }
  Channels operator()(const Resize&) { return input(); }
  Channels operator()(const DropPath&) { return input(); }
  Channels operator()(const Dropout&) { return input(); }

  ChannelCoupling coupling() {
    ChannelCoupling found;
    number_units(found);
    group_units(found);
    return found;
  }

 private:
  const Channels& input() const { return channels_[at(plan_.nodes[node_].inputs.front())]; }
  Channels fresh() {
    Channels made(at(shape_[node_].channels));
    for (int64_t& channel : made) channel = unions_.add();
    return made;
  }
  Channels produced() {
    producers_.push_back(static_cast<int64_t>(node_));
    return fresh();
  }
  Channels fix(Channels channels) {
    for (const int64_t channel : channels) unions_.fix(channel);
    return channels;
  }
  Channels apart() {
    fix(input());
    return fix(fresh());
  }
  Channels joined() {
    for (const int64_t from : plan_.nodes[node_].inputs) {
      for (size_t i = 0; i < input().size(); ++i) unions_.join(input()[i], channels_[at(from)][i]);
    }
    return input();
  }
  /// Of a depthwise convolution with `times` outputs an input.
  Channels repeated(int64_t times) const {
    Channels all;
    for (const int64_t channel : input()) all.insert(all.end(), at(times), channel);
    return all;
  }
  /// Joins what stands at the same place of each block of `size`.
  void join_by_place(const Channels& channels, int64_t size) {
    for (size_t i = at(size); i < channels.size(); ++i) {
      unions_.join(channels[i % at(size)], channels[i]);
    }
  }

  void number_units(ChannelCoupling& found) {
    std::vector<int64_t> unit(at(unions_.size()), -1);
    for (const Channels& channels : channels_) {
      std::vector<int64_t>& units = found.unit_of.emplace_back();
      for (const int64_t channel : channels) {
        int64_t& number = unit[at(unions_.root(channel))];
        if (number < 0) {
          number = found.units++;
          fixed_.push_back(unions_.fixed(channel) ? 1 : 0);
        }
        units.push_back(number);
      }
    }
  }

  void group_units(ChannelCoupling& found) const {
    std::vector<std::vector<int64_t>> producers(at(found.units));  // by unit
    for (const int64_t node : producers_) {
      for (const int64_t unit : found.unit_of[at(node)]) producers[at(unit)].push_back(node);
    }
    std::map<std::vector<int64_t>, size_t> group_of;
    for (int64_t unit = 0; unit < found.units; ++unit) {
      if (fixed_[at(unit)] != 0) continue;
      const auto [place, is_new] = group_of.emplace(producers[at(unit)], found.groups.size());
      if (is_new) {
        found.groups.emplace_back().producers = producers[at(unit)];
        auto& distinct = found.groups.back().producers;
        distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
      }
      found.groups[place->second].units.push_back(unit);
    }
  }

  const NetworkPlan& plan_;
  const std::vector<Shape>& shape_;
  size_t node_ = 0;
  Unions unions_;
  std::vector<Channels> channels_;  // by node
  std::vector<int64_t> producers_;  // nodes
  std::vector<char> fixed_;         // by unit
};

}  // namespace

ChannelCoupling channel_coupling(const NetworkPlan& plan, const Shape& input) {
  const std::vector<Shape> shape = shapes(plan, input);
  return Tracing(plan, shape).coupling();
}

std::vector<int64_t> kept_channels_of(const ChannelCoupling& coupling, const KeptUnits& kept,
                                      int64_t node) {
  std::vector<int64_t> channels;
  const auto& units = coupling.unit_of[at(node)];
  for (size_t channel = 0; channel < units.size(); ++channel) {
    if (kept[at(units[channel])] != 0) channels.push_back(static_cast<int64_t>(channel));
  }
  return channels;
}

}  // namespace nas
