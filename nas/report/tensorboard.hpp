#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "nas/search/trial.hpp"

namespace nas {

// Event files as TensorBoard reads them: records (length, its checksum, bytes, their checksum:
// TensorFlow's tfrecord format) that are protobuf messages (tensorflow/core/util/event.proto).

/// CRC-32C (Castagnoli), as the records' checksums are made from.
uint32_t crc32c(std::string_view bytes);

/// The first record of a file. Times in seconds since 1970.
std::string event_file_start(double time);

/// Numbers by tag at a step.
std::string scalar_record(double time, int64_t step, const Metrics& scalars);

/// What TensorBoard's hyperparameter plug-in knows of a run: values by name, and how it ended.
using Hyperparameter = std::pair<std::string, std::variant<double, std::string>>;
struct HyperparameterSession {
  std::string name;
  std::vector<Hyperparameter> values;
  double started = 0;
  double ended = 0;
  bool succeeded = true;
};
/// The records of a session's start and end.
std::string session_records(const HyperparameterSession& session);

/// The session of a trial; choices that are not active in its point are left out.
HyperparameterSession session_of(const Trial& trial, const Choices& choices);

}  // namespace nas
