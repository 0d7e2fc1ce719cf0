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
  /// Of a table: names of the inputs, which are (number - mean) / deviation, and by input what
  /// stands for a missing number. Empty for pictures.
  std::vector<std::string> features = {};
  std::vector<double> missing = {};
  /// Name and text: architecture, space, versions, seed, hashes.
  std::vector<std::pair<std::string, std::string>> provenance = {};
  /// Of recordings: how their spectrograms are made (sample_rate, samples, window, ... as in
  /// nas/data/mel.hpp), in JSON; the input is (value - mean) / deviation. Empty for other inputs.
  std::string log_mel = {};
  /// Of a policy: inputs are (reading - mean) / deviation, and outputs, which the labels name, an
  /// action each and the value of the state.
  bool policy = false;

  /// Whether the input is made of pixels in a known way.
  bool takes_pixels() const {
    return !mean.empty() && features.empty() && log_mel.empty() && !policy;
  }
};

/// All facts as named texts, lists in JSON: "labels", "mean", "deviation", "features",
/// "missing", "log_mel", then the provenance.
std::vector<std::pair<std::string, std::string>> metadata_of(const NetworkFacts& facts);

}  // namespace nas
