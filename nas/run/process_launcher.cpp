#include "nas/run/process_launcher.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr double kSecondsToSave = 30;
/// A worker that has closed its output has libraries to unload, on a machine that may be busy.
constexpr double kSecondsToEnd = 30;
constexpr std::chrono::milliseconds kUntilWeAreKilled(200);

/// Nothing is wrong with the candidate of a worker that was told to end: whoever ends a whole job
/// may reach a worker before us, and before it can save anything or has read what it is to do.
bool ended_with(const std::string& end, ExitStatus status) {
  return end == fmt::format("exit status {}", static_cast<int>(status));
}

bool told_to_end(const std::string& end) {
  return end == fmt::format("signal {}", SIGTERM) || ended_with(end, ExitStatus::interrupted);
}

}  // namespace

ProcessLauncher::ProcessLauncher(const Choices& choices, Options options)
    : choices_(choices),
      options_(std::move(options)),
      slots_(static_cast<size_t>(options_.workers)) {}

ProcessLauncher::~ProcessLauncher() {
  // An idle worker ends when its input does; let all of them do so at once before any is killed.
  for (auto& slot : slots_) {
    if (slot.process && !slot.assignment) slot.process->close_input();
  }
  for (auto& slot : slots_) {
    if (slot.process && !slot.assignment) slot.process->wait_for_end(2);
  }
}

int64_t ProcessLauncher::capacity() const {
  if (!options_.packing) return options_.workers;
  return std::min(options_.workers, options_.packing->workers());
}

std::vector<ProcessLauncher::Slot*> ProcessLauncher::neighbours(const Slot& slot) {
  std::vector<Slot*> found;
  if (!options_.packing) return found;
  const int64_t devices = options_.packing->devices();
  const auto index = &slot - slots_.data();
  for (Slot& other : slots_) {
    const bool works = other.assignment && !other.waiting && &other != &slot;
    if (works && (&other - slots_.data()) % devices == index % devices) found.push_back(&other);
  }
  return found;
}

bool ProcessLauncher::wants_room(Slot& slot, const Outcome& outcome) {
  const auto* failure = std::get_if<Failure>(&outcome);
  if (failure == nullptr || failure->kind != "oom" || !slot.shared || kill_at_ > 0) return false;
  options_.packing->separate();
  slot.waiting = true;
  return true;
}

void ProcessLauncher::start_waiting() {
  for (Slot& slot : slots_) {
    if (!slot.waiting || !neighbours(slot).empty()) continue;
    slot.waiting = false;
    hand_over(slot);
  }
}

void ProcessLauncher::start(const Assignment& assignment) {
  const auto free =
      std::find_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return !slot.assignment; });
  if (free == slots_.end()) throw RunError("all workers are busy");
  free->assignment = assignment;
  hand_over(*free);
}

void ProcessLauncher::hand_over(Slot& slot) {
  const auto others = neighbours(slot);
  slot.shared = !others.empty();
  slot.since = steady_seconds();
  for (Slot* other : others) other->shared = true;
  const auto index = &slot - slots_.data();
  if (!slot.process) slot.process = std::make_unique<Subprocess>(options_.command(index));
  // A worker that died while it was idle: its replacement gets the assignment.
  if (!slot.process->write_line(encode(choices_, *slot.assignment))) {
    slot.process = std::make_unique<Subprocess>(options_.command(index));
    slot.process->write_line(encode(choices_, *slot.assignment));
  }
}

std::optional<LaunchEvent> ProcessLauncher::wait(double seconds) {
  const double end = steady_seconds() + seconds;
  while (true) {
    start_waiting();
    bool busy = false;
    for (auto& slot : slots_) {
      if (!slot.assignment) continue;
      busy = true;
      if (auto event = take_event(slot)) return event;
      if (overdue(slot)) return give_up(slot);
    }
    const double left = end - steady_seconds();
    if (!busy || left <= 0) return std::nullopt;
    poll_outputs(left);
    if (kill_at_ > 0 && steady_seconds() > kill_at_) {
      for (auto& slot : slots_) {
        if (slot.assignment) slot.process->send_signal(SIGKILL);
      }
    }
  }
}

void ProcessLauncher::poll_outputs(double seconds) {
  std::vector<pollfd> waits;
  for (const auto& slot : slots_) {
    if (slot.assignment) waits.push_back({slot.process->output(), POLLIN, 0});
  }
  // Short enough to notice a stop signal that came to another thread, or the time to kill.
  const int milliseconds = static_cast<int>(std::clamp(seconds, 0.001, 0.5) * 1000);
  ::poll(waits.data(), waits.size(), milliseconds);
}

std::optional<LaunchEvent> ProcessLauncher::take_event(Slot& slot) {
  const bool open = slot.process->read_available();
  while (const auto line = slot.process->take_line()) {
    if (auto event = event_of(slot, *line)) return event;
  }
  if (!open) return lost(slot);
  return std::nullopt;
}

std::optional<LaunchEvent> ProcessLauncher::event_of(Slot& slot, const std::string& line) {
  const int64_t number = slot.assignment->number;
  try {
    WorkerMessage message = message_from(choices_, line);
    if (const auto* ready = std::get_if<WorkerReady>(&message)) {
      options_.on_ready(ready->device);
    } else if (const auto* warning = std::get_if<WorkerWarning>(&message)) {
      options_.on_warning(warning->text);
    } else if (const auto* memory = std::get_if<WorkerMemory>(&message)) {
      if (options_.packing) options_.packing->note(memory->used, memory->total);
    } else if (auto* progress = std::get_if<Progress>(&message)) {
      return LaunchEvent{number, std::move(*progress)};
    } else if (auto* outcome = std::get_if<Outcome>(&message)) {
      if (wants_room(slot, *outcome)) return std::nullopt;
      slot.assignment.reset();
      return LaunchEvent{number, std::move(*outcome)};
    } else {
      slot.assignment.reset();
      slot.process.reset();
      return LaunchEvent{number, std::monostate{}};
    }
    return std::nullopt;
  } catch (const InputError& error) {
    // A worker that talks nonsense is not to be trusted with the rest of the line.
    slot.process.reset();
    slot.assignment.reset();
    return LaunchEvent{number, Outcome(Failure{"error", error.what()})};
  }
}

bool ProcessLauncher::overdue(const Slot& slot) const {
  if (options_.longest <= 0 || slot.waiting || kill_at_ > 0) return false;
  return slot.assignment->job == Job::evaluate && steady_seconds() - slot.since > options_.longest;
}

LaunchEvent ProcessLauncher::give_up(Slot& slot) {
  const int64_t number = slot.assignment->number;
  slot.process.reset();
  slot.assignment.reset();
  return {number, Outcome(Failure{"timeout", fmt::format("no result within {}",
                                                         format_duration(options_.longest))})};
}

LaunchEvent ProcessLauncher::lost(Slot& slot) {
  const int64_t number = slot.assignment->number;
  const auto index = &slot - slots_.data();
  // Who closed its output is about to end; how it does tells more than our signal.
  const bool by_itself = slot.process->wait_for_end(kSecondsToEnd);
  const std::string end = slot.process->kill_and_describe();
  slot.process.reset();
  slot.assignment.reset();
  slot.waiting = false;
  if (kill_at_ > 0 || told_to_end(end)) return {number, std::monostate{}};
  const std::string last = last_error_line(index);
  // Of a device that is not there, of data that cannot be read: no candidate could do better.
  if (ended_with(end, ExitStatus::wrong_use) && !last.empty()) {
    throw UsageError(last.starts_with("nas: ") ? last.substr(5) : last);
  }
  std::string reason = by_itself ? fmt::format("the worker ended with {}", end)
                                 : "the worker closed its output and did not end";
  if (by_itself && end == "signal 9") {
    // Who kills a whole job may come to us next, and then nothing is to be written.
    std::this_thread::sleep_for(kUntilWeAreKilled);
    reason += ", perhaps for want of memory";
  }
  if (!last.empty()) reason += ": " + last;
  return {number, Outcome(Failure{"crash", reason})};
}

std::string ProcessLauncher::last_error_line(int64_t slot) const {
  std::ifstream file(options_.command(slot).error_file);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = line;
  }
  return last.substr(0, 300);
}

void ProcessLauncher::abandon(int64_t number) {
  for (auto& slot : slots_) {
    if (!slot.assignment || slot.assignment->number != number) continue;
    slot.process.reset();
    slot.assignment.reset();
    slot.waiting = false;
  }
}

void ProcessLauncher::stop() {
  const int signal = kill_at_ > 0 ? SIGKILL : SIGTERM;
  if (kill_at_ == 0) kill_at_ = steady_seconds() + kSecondsToSave;
  for (auto& slot : slots_) {
    if (slot.assignment) slot.process->send_signal(signal);
  }
}

}  // namespace nas
