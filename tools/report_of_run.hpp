#pragma once

#include <cstddef>

#include "nas/report/curves.hpp"
#include "nas/report/report_input.hpp"

namespace nas {

struct OpenedRun;

/// What the folder of a run and its store hold for a report. Of a run that goes on only what is new
/// is read at each look.
class ReportOfRun {
 public:
  /// `run` outlives it.
  explicit ReportOfRun(const OpenedRun& run) : run_(run) {}

  /// As it is now, until the next call.
  const ReportInput& now();
  /// The trials alone, likewise.
  const std::vector<Trial>& trials();

 private:
  void weigh_choices(size_t scored);
  void read_stages();

  const OpenedRun& run_;
  ReportInput input_;
  CurveReader curves_;
  size_t ended_ = 0;    // trials before this place have ended, so they do not change
  size_t weighed_ = 0;  // trials with a score that input_.importance is of
};

}  // namespace nas
