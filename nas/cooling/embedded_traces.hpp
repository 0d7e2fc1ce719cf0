#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nas {

/// A gzip file of third_party/datacenter, built into the program.
struct EmbeddedTrace {
  std::string_view name;  // "tucson.epw"
  std::span<const uint8_t> bytes;
};

std::span<const EmbeddedTrace> embedded_traces();

}  // namespace nas
