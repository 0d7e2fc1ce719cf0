#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "nas/core/safetensors.hpp"

namespace nas {

/// A checkpoint as its file has it: safetensors with the state in the metadata.
struct CheckpointFile {
  Safetensors arrays;
  Json state;
};

std::string encode_checkpoint(std::span<const NamedArray> arrays, const Json& state);

/// Throws InputError, naming `name`, for what decode_safetensors refuses and for a file without a
/// SHA-256 of its own or without a state.
CheckpointFile decode_checkpoint(std::string content, std::string_view name);

/// Writes `folder/step-<number>.safetensors`: temporary name, fsync, rename, fsync of the folder.
/// The previous checkpoint stays, older ones go, and so do half-written ones. Throws RunError.
void write_checkpoint(const std::filesystem::path& folder, int64_t step, std::string_view bytes);

/// The newest checkpoint that is whole; nothing where there is none. `warn` hears of every damaged
/// one that was passed over.
std::optional<CheckpointFile> newest_checkpoint(
    const std::filesystem::path& folder, const std::function<void(const std::string&)>& warn);

/// Removes every checkpoint of `folder`, and nothing else.
void remove_checkpoints(const std::filesystem::path& folder);

}  // namespace nas
