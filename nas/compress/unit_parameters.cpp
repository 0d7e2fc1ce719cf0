#include "nas/compress/unit_parameters.hpp"

#include <variant>

namespace nas {

std::vector<UnitParameter> unit_parameters(const NetworkPlan& plan, const ChannelCoupling& coupling,
                                           const KeptUnits& kept) {
  using Kind = UnitParameter::Kind;
  std::vector<UnitParameter> found;
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    const Node& node = plan.nodes[i];
    std::vector<int64_t> units;
    for (const int64_t unit : coupling.unit_of[i]) {
      if (kept[static_cast<size_t>(unit)] != 0) units.push_back(unit);
    }
    const auto note = [&](const char* part, Kind kind) {
      found.push_back({node.name + "." + part, kind, units});
    };
    if (const auto* convolution = std::get_if<Convolution>(&node.layer)) {
      note("weight", Kind::filter);
      if (convolution->bias) note("bias", Kind::filter_bias);
    } else if (const auto* linear = std::get_if<Linear>(&node.layer)) {
      note("weight", Kind::filter);
      if (linear->bias) note("bias", Kind::filter_bias);
    } else if (const auto* norm = std::get_if<BatchNorm>(&node.layer)) {
      if (!norm->affine) continue;
      note("weight", Kind::norm_scale);
      note("bias", Kind::norm_shift);
    }
  }
  return found;
}

}  // namespace nas
