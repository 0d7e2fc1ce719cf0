#pragma once

#include <cstdint>
#include <filesystem>
#include <ios>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nas/search/trial.hpp"

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

/// The curves in the logs of a run that may go on. Lines that were cut off by a crash are passed
/// over, what was done twice counts as it was done last; a file that is missing gives no curves.
class CurveReader {
 public:
  /// Reads what has been added since the last call.
  void read(std::span<const std::filesystem::path> logs);
  /// Accuracies (losses where there are none) of all supernets, of trial `best` and of the
  /// retrainings.
  std::vector<CurveGroup> groups(int64_t best) const;

 private:
  /// Everything of one training; metric -> epochs done -> value.
  struct Training {
    std::string unit;
    std::map<std::string, std::map<int64_t, double>> metrics;
  };
  /// Who writes one has trials of his own under way.
  struct Log {
    std::streamoff read = 0;  // bytes
    std::map<int64_t, Job> jobs;
  };

  void read_line(const std::string& text, Log& log);
  static void add(CurveGroup& group, const Training& training, const std::string& prefix);

  std::map<std::filesystem::path, Log> logs_;
  /// Retrainings are numbered on their own, so a number alone names no training.
  std::map<std::pair<Job, int64_t>, Training> trainings_;
};

}  // namespace nas
