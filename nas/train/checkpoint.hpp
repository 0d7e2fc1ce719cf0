#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "nas/core/json.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/train/checkpoint_config.hpp"
#include "nas/train/checkpoint_file.hpp"

namespace nas {

class ProcessGroup;

/// What a training needs to go on bit for bit: tensors by name, and the rest as JSON.
struct Checkpoint {
  NamedTensors tensors;
  Json state;
};

/// Writes it as write_checkpoint() does.
void save_checkpoint(const std::filesystem::path& folder, int64_t step,
                     const Checkpoint& checkpoint);

/// What newest_checkpoint() finds, with its tensors on the CPU.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& folder,
                                          const std::function<void(const std::string&)>& warn);

/// A checkpoint as bytes, for other processes, and back. Throws InputError for damaged ones.
std::string encode_checkpoint(const Checkpoint& checkpoint);
Checkpoint decode_checkpoint(std::string content);

/// What `load` finds in the first of several processes, in all of them.
std::optional<Checkpoint> shared_checkpoint(ProcessGroup& group,
                                            const std::function<std::optional<Checkpoint>()>& load);

/// Plain weights: safetensors that any reader opens. Values of `metadata` that are no texts are
/// written as JSON text. Replaces the file atomically.
void save_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                      const Json& metadata = Json::object());

/// Tensors on the CPU. Throws InputError for a malformed or damaged file.
NamedTensors load_safetensors(const std::filesystem::path& path);

/// Says when the next checkpoint is due.
class CheckpointClock {
 public:
  explicit CheckpointClock(const CheckpointConfig& config);
  /// Call after each step.
  bool due();

 private:
  CheckpointConfig config_;
  int64_t steps_ = 0;
  double last_ = 0;  // seconds of the steady clock
};

}  // namespace nas
