#pragma once

namespace nas {

/// Seconds on a clock that only goes forward; for durations within one process.
double steady_seconds();

/// Seconds since 1970 on the machine's clock, which may be set back.
double wall_seconds();

}  // namespace nas
