#pragma once

/// \file
/// fmt for units that see LibTorch: its wheel brings headers of a newer fmt than the distribution's
/// library, and no library of its own.
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>
