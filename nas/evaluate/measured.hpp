#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "nas/hardware/network_meter.hpp"
#include "nas/search/constraint.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// What network_counts() can know of a network.
constexpr std::array<std::string_view, 5> kCounts{"parameters", "multiply_adds", "weight_bytes",
                                                  "flash", "ram"};

/// "parameters" and "multiply_adds" of the network of a point; empty where the space describes
/// none. Where the point says how its network is made smaller, they are those of the smaller one,
/// and "weight_bytes" (nas/plan/compression.hpp), "flash" and "ram"
/// (nas/quantize/int8_footprint.hpp; where all layers have a form in whole numbers) stand beside
/// them.
Metrics network_counts(const Space& space, const Point& point);

/// The evaluator with the counts of a point's network (parameters, multiply_adds) and what `meters`
/// measure of it among its metrics, where the space describes one. A point that breaks a constraint
/// is a Failure of kind "constraint": by its counts before it is measured, by its measurements
/// before it is evaluated, by other metrics after. Figures that would differ when measured again
/// are kept in the assignment's folder for an evaluation that goes on after an interruption.
/// Jobs without a point are passed on as they are. `space` outlives the evaluator.
std::unique_ptr<Evaluator> make_measured(std::unique_ptr<Evaluator> evaluator, const Space& space,
                                         Constraints constraints, NetworkMeters meters);

}  // namespace nas
