#include "nas/evaluate/measured.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/quantize/int8_footprint.hpp"
#include "nas/search/compression.hpp"

namespace nas {
namespace {

/// A point's network, made smaller where the point says so.
struct CountedNetwork {
  NetworkPlan plan;
  Metrics counts;
};

std::optional<CountedNetwork> counted_network(const Space& space, const Point& point) {
  auto plan = space.network(point);
  if (!plan) return std::nullopt;
  const Shape input = space.task().input;
  CountedNetwork network;
  if (const auto compression = compression_of(space, point)) {
    CompressedPlan smaller = compressed_plan(*plan, input, *compression);
    const int64_t bytes = weight_bytes(smaller.plan, smaller.bits);
    network.counts["weight_bytes"] = static_cast<double>(bytes);
    if (const auto size = int8_footprint(smaller.plan, input, smaller.bits)) {
      network.counts["flash"] = static_cast<double>(size->flash);
      network.counts["ram"] = static_cast<double>(size->ram);
    }
    plan = std::move(smaller.plan);
  }
  const Cost counted = cost(*plan, input);
  network.counts["parameters"] = static_cast<double>(counted.parameters);
  network.counts["multiply_adds"] = static_cast<double>(counted.multiply_adds);
  network.plan = std::move(*plan);
  return network;
}

/// Metrics of a point as far as they are known, or why it is not to be evaluated.
struct Examined {
  Metrics metrics;
  std::optional<Failure> failure;
};

class Measured : public Evaluator {
 public:
  Measured(std::unique_ptr<Evaluator> evaluator, const Space& space, Constraints constraints,
           NetworkMeters meters)
      : evaluator_(std::move(evaluator)),
        space_(space),
        constraints_(std::move(constraints)),
        meters_(std::move(meters)) {}

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    if (!assignment.point) return evaluator_->evaluate(assignment, monitor);
    const Examined known = examine(assignment);
    if (known.failure) return *known.failure;
    Outcome outcome = evaluator_->evaluate(assignment, monitor);
    auto* score = std::get_if<Score>(&outcome);
    if (score == nullptr) return outcome;
    add(score->metrics, known.metrics);
    for (const auto& constraint : constraints_) {
      if (score->metrics.contains(constraint.metric)) continue;
      const auto reason = why_without(*assignment.point, constraint.metric);
      return Failure{"error",
                     reason.value_or(fmt::format("the constraint on {} names a metric that this "
                                                 "evaluator does not report",
                                                 constraint.metric))};
    }
    if (auto failure = failure_by(constraints_, score->metrics)) return *failure;
    return outcome;
  }

  std::optional<std::string> why_without(const Point& point,
                                         const std::string& metric) const override {
    return evaluator_->why_without(point, metric);
  }

 private:
  Examined examine(const Assignment& assignment) {
    if (const auto broken = broken_relation(space_.choices(), *assignment.point)) {
      return {{}, Failure{"constraint", "the point breaks " + *broken}};
    }
    std::optional<CountedNetwork> network;
    try {
      network = counted_network(space_, *assignment.point);
    } catch (const InputError& error) {  // it does not fit the data
      return {{}, Failure{"error", error.what()}};
    }
    if (!network) return {};
    Examined known{network->counts, std::nullopt};
    known.failure = failure_by(constraints_, known.metrics);
    if (known.failure || meters_.empty()) return known;
    const Outcome measured = measure(network->plan, assignment.folder);
    if (const auto* failure = std::get_if<Failure>(&measured)) return {{}, *failure};
    const Metrics& metrics = std::get<Score>(measured).metrics;
    known.metrics.insert(metrics.begin(), metrics.end());
    known.failure = failure_by(constraints_, known.metrics);
    return known;
  }

  /// By the meters, or by an earlier attempt.
  Outcome measure(const NetworkPlan& plan, const std::filesystem::path& folder) {
    const bool keep = std::any_of(meters_.begin(), meters_.end(),
                                  [](const auto& meter) { return !meter->repeatable(); });
    const auto file = folder / "measured.json";
    if (keep && std::filesystem::exists(file)) {
      return Score{Json::parse(read_file(file)).get<Metrics>(), std::nullopt};
    }
    Score all;
    for (const auto& meter : meters_) {
      Outcome outcome = meter->measure(plan, space_.task().input);
      if (std::holds_alternative<Failure>(outcome)) return outcome;
      all.metrics.merge(std::get<Score>(outcome).metrics);
    }
    if (keep) {
      std::filesystem::create_directories(folder);
      write_file_atomically(file, Json(all.metrics).dump());
    }
    return all;
  }

  /// Of counts what the evaluator says comes first; what was measured was asked for.
  static void add(Metrics& metrics, const Metrics& known) {
    for (const auto& [name, value] : known) {
      const bool counted = name == "parameters" || name == "multiply_adds";
      if (!counted || !metrics.contains(name)) metrics[name] = value;
    }
  }

  std::unique_ptr<Evaluator> evaluator_;
  const Space& space_;
  Constraints constraints_;
  NetworkMeters meters_;
};

}  // namespace

Metrics network_counts(const Space& space, const Point& point) {
  const auto network = counted_network(space, point);
  return network ? network->counts : Metrics{};
}

std::unique_ptr<Evaluator> make_measured(std::unique_ptr<Evaluator> evaluator, const Space& space,
                                         Constraints constraints, NetworkMeters meters) {
  return std::make_unique<Measured>(std::move(evaluator), space, std::move(constraints),
                                    std::move(meters));
}

}  // namespace nas
