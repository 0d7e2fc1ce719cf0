#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// Whether work that a CUDA device does again and again is recorded once and replayed as a whole (a
/// CUDA graph). `always`: where it cannot be, on any device, somebody is told.
enum class GraphChoice { automatic, always, never };

/// For the whole process, like LibTorch's own switches; set before there is RepeatedWork.
void set_graph_choice(GraphChoice choice);
GraphChoice graph_choice();
/// Of "auto", "true" and "false"; any other text is automatic.
GraphChoice graph_choice_from_text(std::string_view text);

/// Records what is given to a device and gives it again.
class WorkRecorder {
 public:
  virtual ~WorkRecorder() = default;
  /// Does the work, on the stream on which it will be recorded.
  virtual void run(const std::function<void()>& work) = 0;
  /// Calls `work`, whose tensors get memory of their own and no values; forgets what it recorded
  /// before. Throws where the work cannot be recorded.
  virtual void record(const std::function<void()>& work) = 0;
  virtual void replay() = 0;
};

/// Null where there is none for the device; then `refusal` says why.
std::unique_ptr<WorkRecorder> make_recorder(torch::Device device, std::string& refusal);

/// Work that is done again and again on tensors that stay where they are: what it reads is written
/// into them before, and numbers that it has from elsewhere are its constants. Recorded after a few
/// times, it comes from a recording, with no call of the work; on other devices it is called each
/// time. A default generator that is seeded before each time gives the same numbers either way.
class RepeatedWork {
 public:
  /// Times that the work is called first: libraries choose and prepare their kernels then.
  static constexpr int64_t kWarmup = 3;

  /// Without a recorder (null) the work is called each time; `refusal` says why.
  explicit RepeatedWork(std::unique_ptr<WorkRecorder> recorder, std::string refusal = "");

  /// `constants` are all numbers of the work that may change: it is recorded anew when one does.
  void run(const std::function<void()>& work, const std::vector<double>& constants);
  /// Why it is not recorded, once that is known and worth telling; empty else.
  const std::string& refusal() const { return refusal_; }

 private:
  bool recorded(const std::function<void()>& work, const std::vector<double>& constants);

  std::unique_ptr<WorkRecorder> recorder_;
  std::string refusal_;
  int64_t runs_ = 0;
  bool holds_recording_ = false;
  std::vector<double> constants_;
};

/// By graph_choice(); `obstacle` says why this work cannot be recorded, empty where it can.
RepeatedWork repeated_work(torch::Device device, const std::string& obstacle);

}  // namespace nas
