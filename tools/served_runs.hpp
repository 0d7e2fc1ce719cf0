#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/report/comparison.hpp"
#include "tools/output.hpp"
#include "tools/report_of_run.hpp"

namespace nas {

/// Runs that are shown while they may go on. Its methods may be called from several threads.
class ServedRuns {
 public:
  /// A folder is a run's, or holds those of nas run --repeat. Throws UsageError where it is
  /// neither.
  ServedRuns(const std::vector<std::string>& folders, const TensorParts& parts);

  size_t size() const { return runs_.size(); }

  /// The page of one run; `place` is below size().
  std::string report(size_t place);
  /// See report_news; nothing where the reader has this version, with its first `kept` trials,
  /// which have all ended.
  std::optional<std::string> news(size_t place, const std::string& version, size_t kept);
  std::string comparison_page();
  std::string comparison_json();

  /// "/runs/3/"
  static std::string path_of(size_t place);

 private:
  std::string version_of(const OpenedRun& run) const;
  std::vector<ComparedRun> compared();

  std::mutex mutex_;
  std::vector<OpenedRun> runs_;
  std::vector<ReportOfRun> reports_;  // of each
};

}  // namespace nas
