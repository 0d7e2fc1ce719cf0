#pragma once

#include <functional>
#include <string>

#include "nas/run/protocol.hpp"
#include "nas/search/evaluator.hpp"

namespace nas {

/// A worker's side of the pipes. Whatever else writes to standard output goes to standard error, so
/// that it cannot damage a line.
class WorkerChannel {
 public:
  WorkerChannel();
  ~WorkerChannel();
  WorkerChannel(const WorkerChannel&) = delete;
  WorkerChannel& operator=(const WorkerChannel&) = delete;

  void send(const Choices& choices, const WorkerMessage& message);
  /// The next line of standard input; nothing at its end, or once a stop signal came.
  std::optional<std::string> receive();

 private:
  int output_;
  std::string buffer_;
};

/// What an assignment took of a GPU; nothing where there is none. May be empty.
using MemoryMeter = std::function<std::optional<WorkerMemory>()>;

/// Evaluates assignments until standard input ends. Returns the exit status: 0, or 75 after a stop
/// signal.
int serve_worker(const Choices& choices, const std::function<Evaluator&(Job)>& evaluator_for,
                 WorkerChannel& channel, const MemoryMeter& memory);

}  // namespace nas
