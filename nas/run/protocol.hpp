#pragma once

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
struct WorkerInterrupted {};
using WorkerMessage =
    std::variant<WorkerReady, WorkerWarning, WorkerInterrupted, Progress, Outcome>;

std::string encode(const Choices& choices, const Assignment& assignment);
/// Throws InputError.
Assignment assignment_from(const Choices& choices, std::string_view line);

std::string encode(const Choices& choices, const WorkerMessage& message);
/// Throws InputError. A score with a number that is not finite comes as a Failure of kind "nan".
WorkerMessage message_from(const Choices& choices, std::string_view line);

}  // namespace nas
