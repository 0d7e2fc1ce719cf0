#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace nas {

/// One figure of one training, epoch by epoch.
struct Curve {
  std::string label;
  std::map<int64_t, double> values;  // by epochs (or steps) done
};

/// The curves of one part of a run, drawn together.
struct CurveGroup {
  std::string title;
  std::string unit = "epoch";
  std::vector<Curve> curves;
};

/// Accuracies (losses where there are none) of all supernets, of trial `best` and of the
/// retrainings, out of a run's logs. Lines that were cut off by a crash are passed over, what was
/// done twice counts as it was done last; a file that is missing gives no curves.
std::vector<CurveGroup> read_curves(std::span<const std::filesystem::path> logs, int64_t best);

}  // namespace nas
