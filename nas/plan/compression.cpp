#include "nas/plan/compression.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/plan/execution.hpp"
#include "nas/plan/pruned_network.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// Weights of a convolution or a linear layer; nothing for other layers.
std::optional<int64_t> weights_in(const Layer& layer) {
  if (const auto* convolution = std::get_if<Convolution>(&layer)) {
    return convolution->out_channels * (convolution->in_channels / convolution->groups) *
           convolution->kernel.height * convolution->kernel.width;
  }
  if (const auto* linear = std::get_if<Linear>(&layer)) {
    return linear->out_features * linear->in_features;
  }
  return std::nullopt;
}

/// By node: the part that its numbers are of; of nodes without weights any.
std::vector<size_t> parts_of(const NetworkPlan& plan, const Shape& input,
                             const Compression& compression) {
  const std::vector<Shape> shape = shapes(plan, input);
  const auto positions = [&](size_t node) { return shape[node].height * shape[node].width; };
  std::set<int64_t, std::greater<>> sizes;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    if (weights_in(plan.nodes[i].layer)) sizes.insert(positions(i));
  }
  std::vector<size_t> parts;
  size_t layers = 0;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    size_t part = layers;
    if (compression.per == Compression::Per::stage) {
      part = static_cast<size_t>(std::distance(sizes.begin(), sizes.find(positions(i))));
    }
    parts.push_back(std::min(part, compression.keep.size() - 1));
    if (weights_in(plan.nodes[i].layer)) ++layers;
  }
  return parts;
}

template <class T>
std::vector<T> list_of(const Json& json, const char* name) {
  try {
    return json.at(name).get<std::vector<T>>();
  } catch (const Json::exception&) {
    throw InputError(fmt::format("compression: '{}': expected a list of numbers", name));
  }
}

[[noreturn]] void refuse_bits(int64_t found) {
  throw InputError(fmt::format("bits of weights: found {}, expected 4 or 8", found));
}

}  // namespace

std::string to_text(const Compression& compression) {
  return fmt::format(R"({{"per": "{}", "keep": [{}], "bits": [{}]}})",
                     compression.per == Compression::Per::stage ? "stage" : "layer",
                     fmt::join(compression.keep, ", "), fmt::join(compression.bits, ", "));
}

Compression compression_from_text(std::string_view text) {
  const Json json = parse_json_or_discard(text);
  const Json per = json.is_object() ? json.value("per", Json()) : Json();
  if (per != "stage" && per != "layer") {
    throw InputError(
        fmt::format("compression '{}': expected {{\"per\": \"stage\" or \"layer\", ...}}", text));
  }
  Compression compression{per == "stage" ? Compression::Per::stage : Compression::Per::layer,
                          list_of<double>(json, "keep"), list_of<int64_t>(json, "bits")};
  if (compression.keep.empty() || compression.keep.size() != compression.bits.size()) {
    throw InputError(fmt::format("compression '{}': expected as many shares as bits", text));
  }
  for (const double share : compression.keep) {
    if (!(share > 0 && share <= 1)) {
      throw InputError(fmt::format("compression: keep: found {}, expected 0 to 1", share));
    }
  }
  for (const int64_t bits : compression.bits) {
    if (bits != 4 && bits != kUsualBits) refuse_bits(bits);
  }
  return compression;
}

int64_t bits_of(const WeightBits& bits, const std::string& layer) {
  const auto found = bits.find(layer);
  return found == bits.end() ? kUsualBits : found->second;
}

WeightBits uniform_bits(const NetworkPlan& plan, int64_t bits) {
  WeightBits result;
  for (const Node& node : plan.nodes) {
    if (bits != kUsualBits && weights_in(node.layer)) result[node.name] = bits;
  }
  return result;
}

std::string to_text(const WeightBits& bits) { return Json(bits).dump(); }

WeightBits weight_bits_from_text(std::string_view text) {
  WeightBits bits;
  try {
    bits = parse_json(text).get<WeightBits>();
  } catch (const Json::exception&) {
    throw InputError("bits of weights: expected numbers by layer");
  }
  for (const auto& [layer, number] : bits) {
    if (number != 4 && number != kUsualBits) refuse_bits(number);
  }
  return bits;
}

CompressedPlan compressed_plan(const NetworkPlan& plan, const Shape& input,
                               const Compression& compression) {
  const std::vector<size_t> parts = parts_of(plan, input, compression);
  CompressedPlan result{channel_coupling(plan, input), {}, {}, {}};
  KeptUnits kept(at(result.coupling.units), 1);
  for (const auto& group : result.coupling.groups) {
    const auto units = static_cast<double>(group.units.size());
    const double share = compression.keep[parts[at(group.producers.front())]];
    const auto left = std::max<int64_t>(std::llround(share * units), 1);
    result.kept.push_back(left);
    for (size_t i = at(left); i < group.units.size(); ++i) kept[at(group.units[i])] = 0;
  }
  result.plan = pruned_network(plan, input, result.coupling, kept).plan;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const int64_t bits = compression.bits[parts[i]];
    if (bits == kUsualBits || !weights_in(plan.nodes[i].layer)) continue;
    result.bits[plan.nodes[i].name] = bits;
  }
  return result;
}

int64_t weight_bytes(const NetworkPlan& plan, const WeightBits& bits) {
  int64_t bytes = 0;
  for (const ExecutionStep& step : execution_steps(plan, {plan.outputs.front()})) {
    const Node& node = plan.nodes[at(step.node)];
    const int64_t all = weights_in(node.layer).value_or(0) * bits_of(bits, node.name);
    bytes += (all + 7) / 8;
  }
  return bytes;
}

}  // namespace nas
