#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nas/core/subprocess.hpp"
#include "nas/run/device_packing.hpp"
#include "nas/run/launcher.hpp"
#include "nas/run/protocol.hpp"

namespace nas {

/// Worker processes on this machine, each evaluating one assignment at a time. A worker that dies
/// takes one candidate with it and is started again for the next.
class ProcessLauncher : public Launcher {
 public:
  struct Options {
    int64_t workers = 1;
    /// Fewer of them at once while this says so; worker `slot` is then on GPU slot % devices.
    std::optional<DevicePacking> packing = std::nullopt;
    /// Seconds that an evaluation may take in one go; 0: no limit.
    double longest = 0;
    /// The command of worker `slot`, 0 .. workers - 1.
    std::function<Subprocess::Command(int64_t slot)> command;
    /// Hears what workers say beside results.
    std::function<void(const std::string& device)> on_ready;
    std::function<void(const std::string& text)> on_warning;
  };

  /// `choices` outlives the launcher.
  ProcessLauncher(const Choices& choices, Options options);
  ~ProcessLauncher() override;

  int64_t capacity() const override;
  bool immediate() const override { return false; }
  void start(const Assignment& assignment) override;
  std::optional<LaunchEvent> wait(double seconds) override;
  void abandon(int64_t number) override;
  void stop() override;

 private:
  struct Slot {
    std::unique_ptr<Subprocess> process;
    std::optional<Assignment> assignment;
    bool shared = false;   // whether others have worked on its GPU meanwhile
    bool waiting = false;  // for a GPU for itself
    double since = 0;      // seconds of the steady clock: when it got the assignment
  };

  /// Others that work on the same GPU; none where workers are not packed.
  std::vector<Slot*> neighbours(const Slot& slot);
  void hand_over(Slot& slot);
  /// Whether a failure may come from others on the GPU: then it is no result, and the assignment is
  /// done again alone.
  bool wants_room(Slot& slot, const Outcome& outcome);
  void start_waiting();

  /// What the lines that have come say of an assignment; passes other lines on.
  std::optional<LaunchEvent> take_event(Slot& slot);
  std::optional<LaunchEvent> event_of(Slot& slot, const std::string& line);
  /// Whether an evaluation takes longer than it may: it hangs, as far as one can tell.
  bool overdue(const Slot& slot) const;
  /// Ends it and its worker.
  LaunchEvent give_up(Slot& slot);
  /// The assignment of a worker that is gone.
  LaunchEvent lost(Slot& slot);
  void poll_outputs(double seconds);
  std::string last_error_line(int64_t slot) const;

  const Choices& choices_;
  Options options_;
  std::vector<Slot> slots_;
  /// Seconds of a steady clock after which stopping workers are killed; 0: not stopping.
  double kill_at_ = 0;
};

}  // namespace nas
