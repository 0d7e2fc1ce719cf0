#pragma once

#include <cstdint>
#include <string>

namespace nas {

/// The processor's name as the system gives it; empty where it gives none.
std::string processor_name();

/// The most memory in bytes that this process has held at once so far (its resident set).
int64_t peak_resident_memory();

}  // namespace nas
