#include "nas/compress/kept_channels.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Nodes of the layers that may lose channels, ascending.
std::set<int64_t> producers_of(const ChannelCoupling& coupling) {
  std::set<int64_t> nodes;
  for (const auto& group : coupling.groups) {
    nodes.insert(group.producers.begin(), group.producers.end());
  }
  return nodes;
}

int64_t node_named(const NetworkPlan& plan, const std::string& name) {
  const auto found = std::find_if(plan.nodes.begin(), plan.nodes.end(),
                                  [&](const Node& node) { return node.name == name; });
  if (found == plan.nodes.end()) {
    throw InputError(fmt::format("kept channels: the network has no layer '{}'", name));
  }
  return found - plan.nodes.begin();
}

std::set<int64_t> channels_of(const std::string& name, const Json& list) {
  try {
    return list.get<std::set<int64_t>>();
  } catch (const Json::exception&) {
    throw InputError(fmt::format("kept channels of '{}': expected a list of numbers", name));
  }
}

}  // namespace

Json to_json(const NetworkPlan& plan, const ChannelCoupling& coupling, const KeptUnits& kept) {
  Json json = Json::object();
  for (const int64_t node : producers_of(coupling)) {
    const auto channels = kept_channels_of(coupling, kept, node);
    if (channels.size() == coupling.unit_of[at(node)].size()) continue;
    json[plan.nodes[at(node)].name] = channels;
  }
  return json;
}

KeptUnits kept_units_from(const Json& json, const NetworkPlan& plan,
                          const ChannelCoupling& coupling) {
  if (!json.is_object()) throw InputError("kept channels: expected a mapping of layers");
  KeptUnits kept(at(coupling.units), 1);
  for (const auto& [name, list] : json.items()) {
    const auto& units = coupling.unit_of[at(node_named(plan, name))];
    const auto channels = channels_of(name, list);
    for (size_t channel = 0; channel < units.size(); ++channel) {
      if (!channels.contains(static_cast<int64_t>(channel))) kept[at(units[channel])] = 0;
    }
  }
  std::vector<char> removable(at(coupling.units), 0);
  for (const auto& group : coupling.groups) {
    bool any = false;
    for (const int64_t unit : group.units) {
      removable[at(unit)] = 1;
      any = any || kept[at(unit)] != 0;
    }
    if (!any) throw InputError("kept channels: a layer would have none");
  }
  for (size_t unit = 0; unit < kept.size(); ++unit) {
    if (kept[unit] == 0 && removable[unit] == 0) {
      throw InputError("kept channels: a channel is missing that no layer can lose");
    }
  }
  if (to_json(plan, coupling, kept) != json) {
    throw InputError("kept channels: those of one layer do not fit those of another");
  }
  return kept;
}

Json layer_counts(const NetworkPlan& plan, const ChannelCoupling& coupling, const KeptUnits& kept) {
  Json layers = Json::array();
  for (const int64_t node : producers_of(coupling)) {
    layers.push_back({{"name", plan.nodes[at(node)].name},
                      {"channels", coupling.unit_of[at(node)].size()},
                      {"kept", kept_channels_of(coupling, kept, node).size()}});
  }
  return layers;
}

}  // namespace nas
