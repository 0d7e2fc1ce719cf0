#include "nas/run/worker.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/run/recording_monitor.hpp"

namespace nas {
namespace {

/// Passes progress on, a few times a second at most.
class ChannelMonitor : public Monitor {
 public:
  ChannelMonitor(const Choices& choices, WorkerChannel& channel)
      : choices_(choices), channel_(channel) {}

  Advice report(const Progress& progress) override {
    const auto now = std::chrono::steady_clock::now();
    const bool soon = now - last_ < std::chrono::milliseconds(200);
    if (soon && progress.done != progress.total) return Advice::go_on;
    last_ = now;
    channel_.send(choices_, progress);
    return Advice::go_on;
  }

 private:
  const Choices& choices_;
  WorkerChannel& channel_;
  std::chrono::steady_clock::time_point last_{};
};

/// What is wrong with the point is the candidate's failure; other mistakes, of what is the same for
/// all candidates, end the worker.
Outcome outcome_of(Evaluator& evaluator, const Assignment& assignment, Monitor& monitor) {
  try {
    return evaluator.evaluate(assignment, monitor);
  } catch (const InputError& error) {
    return Failure{"error", error.what()};
  }
}

}  // namespace

WorkerChannel::WorkerChannel() : output_(::dup(STDOUT_FILENO)) {
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

WorkerChannel::~WorkerChannel() { ::close(output_); }

void WorkerChannel::send(const Choices& choices, const WorkerMessage& message) {
  const std::string line = encode(choices, message) + "\n";
  size_t done = 0;
  while (done < line.size()) {
    const ssize_t written = ::write(output_, line.data() + done, line.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw RunError("the run that started this worker is gone");
    done += static_cast<size_t>(written);
  }
}

std::optional<std::string> WorkerChannel::receive() {
  while (true) {
    const size_t end = buffer_.find('\n');
    if (end != buffer_.npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    std::array<char, 1 << 16> block;
    const ssize_t got = ::read(STDIN_FILENO, block.data(), block.size());
    if (stop_requested()) return std::nullopt;
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    buffer_.append(block.data(), static_cast<size_t>(got));
  }
}

int serve_worker(const Choices& choices, const std::function<Evaluator&(Job)>& evaluator_for,
                 WorkerChannel& channel, const MemoryMeter& memory) {
  ChannelMonitor to_channel(choices, channel);
  while (const auto line = channel.receive()) {
    const Assignment assignment = assignment_from(choices, *line);
    std::filesystem::create_directories(assignment.folder);
    try {
      RecordingMonitor monitor(assignment.cutoffs, to_channel);
      Outcome outcome = outcome_of(evaluator_for(assignment.job), assignment, monitor);
      const auto taken = memory ? memory() : std::nullopt;
      if (taken) channel.send(choices, *taken);
      channel.send(choices, monitor.completed(std::move(outcome)));
    } catch (const Interrupted&) {
      channel.send(choices, WorkerInterrupted{});
      return static_cast<int>(ExitStatus::interrupted);
    }
  }
  return stop_requested() ? static_cast<int>(ExitStatus::interrupted) : 0;
}

}  // namespace nas
