#pragma once

#include "nas/report/report_input.hpp"

namespace nas {

struct OpenedRun;

/// What the folder of a run and its store hold for a report; of a run that goes on, what they hold
/// now.
ReportInput report_of_run(const OpenedRun& run);

}  // namespace nas
