#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "nas/core/json_fwd.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// One JSON line from a worker.
struct WorkerReady {
  std::string device;  // JSON, for provenance
};
struct WorkerWarning {
  std::string text;
};
/// Sent before the outcome that it belongs to.
struct WorkerMemory {
  int64_t used = 0;   // bytes of its GPU, the most during the assignment
  int64_t total = 0;  // bytes that the GPU has
};
struct WorkerInterrupted {};
using WorkerMessage =
    std::variant<WorkerReady, WorkerWarning, WorkerMemory, WorkerInterrupted, Progress, Outcome>;

std::string encode(const Choices& choices, const Assignment& assignment);
/// Throws InputError.
Assignment assignment_from(const Choices& choices, std::string_view line);

std::string encode(const Choices& choices, const WorkerMessage& message);
/// Throws InputError. A score with a number that is not finite comes as a Failure of kind "nan".
WorkerMessage message_from(const Choices& choices, std::string_view line);

}  // namespace nas
