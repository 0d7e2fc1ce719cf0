#pragma once

#include "nas/hardware/timing.hpp"

namespace nas {

/// What a device reached at its best of some tries: the roofs of the roofline (Williams et al.
/// 2009).
struct MachinePeaks {
  double multiply_adds = 0;  // a second, of a float32 matrix product
  double bytes = 0;          // a second, read and written by a copy larger than all caches
};

/// Measured on `timing.device` with the threads that LibTorch has now.
MachinePeaks measure_peaks(const TimingSetting& timing);

/// Seconds below which no work of so many multiply-adds and bytes comes on such a machine.
double least_seconds(const MachinePeaks& peaks, double multiply_adds, double bytes);

}  // namespace nas
