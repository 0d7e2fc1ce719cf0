#pragma once

#include <string>
#include <utility>
#include <vector>

namespace nas {

/// What a user of an exported network has to know beside its numbers.
struct NetworkFacts {
  /// By class; empty where unknown.
  std::vector<std::string> labels;
  /// Per channel, of pixels scaled to 0..1: a network takes (pixel / 255 - mean) / deviation. Empty
  /// where it takes its input as it is.
  std::vector<double> mean;
  std::vector<double> deviation;
  /// Name and text: architecture, space, versions, seed, hashes.
  std::vector<std::pair<std::string, std::string>> provenance;
};

/// All facts as named texts, lists in JSON: "labels", "mean", "deviation", then the provenance.
std::vector<std::pair<std::string, std::string>> metadata_of(const NetworkFacts& facts);

}  // namespace nas
