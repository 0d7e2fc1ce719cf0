#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nas/core/json.hpp"
#include "nas/plan/network.hpp"

namespace nas {

/// A layer with its settings on inputs of these shapes.
struct LatencyKey {
  std::string layer;                // to_text(Layer)
  std::vector<std::string> inputs;  // to_text(Shape), batch dimension left out
  // The check misreads what the compiler makes of a defaulted comparison.
  auto operator<=>(const LatencyKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// "relu on 16x8x8"
std::string to_text(const LatencyKey& key);

/// Seconds of single layers on one device. The latency of a network is predicted by their sum
/// (Cai et al. 2019, section 4.2; Dai et al. 2019, section 3.3).
struct LatencyTable {
  std::string file;  // that it was read from, for messages
  Json device;       // names and versions, as describe_device has them
  Json versions;
  int64_t threads = 1;
  int64_t batch_size = 1;
  /// Of a forward pass through no layer at all.
  double overhead = 0;
  std::map<LatencyKey, double> entries;

  /// Seconds of all layers that the plan's logits need, without overhead: input, identity and drop
  /// path take none. `input` is the shape of one sample. Throws InputError naming an entry that is
  /// missing.
  double sum(const NetworkPlan& plan, const Shape& input) const;
  /// The same with overhead: what a forward pass takes.
  double predict(const NetworkPlan& plan, const Shape& input) const {
    return overhead + sum(plan, input);
  }
};

/// One layer that a plan's logits need and that takes time, and the shapes that it reads.
struct TimedLayer {
  Layer layer;
  std::vector<Shape> inputs;
  LatencyKey key() const;
};

/// In the order of the plan; of a Mixed layer those of all its options.
std::vector<TimedLayer> timed_layers(const NetworkPlan& plan, const Shape& input);

/// {device, versions, threads, batch_size, overhead, entries: [{layer, inputs, seconds}...]}
Json to_json(const LatencyTable& table);
/// Throws InputError naming file, entry, what was found and what was expected.
LatencyTable read_latency_table(const std::string& file);

}  // namespace nas
