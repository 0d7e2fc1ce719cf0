#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "nas/export/check.hpp"
#include "nas/export/export.hpp"
#include "nas/quantize/quantize.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Which of a run's networks.
struct NetworkChoice {
  /// -1: what lies in best/; otherwise that trial's, where its weights were kept.
  int64_t trial = -1;
  /// What the stage prune left in best/pruned/.
  bool pruned = false;
};

/// The trained network of a run, what a user has to know of it, and the data that it is for.
struct OpenedNetwork {
  NetworkPlan plan;
  Weights weights;
  Shape input;
  NetworkFacts facts;
  DataConfig data;
  /// What `nas quantize` trained from these weights; nothing where it did not.
  std::optional<TrainedQuantization> int8;
  /// Of its weights, where the point says it.
  std::optional<WeightBits> bits;
};

/// sha256 of the file of a network's weights.
std::string weights_identity(const std::filesystem::path& folder, const NetworkChoice& choice);

/// Throws UsageError where there is no such network.
OpenedNetwork open_network(const std::filesystem::path& folder, const NetworkChoice& choice,
                           const TensorParts& parts);

/// With a test vector that LibTorch gave.
ExportSource export_source(const OpenedNetwork& opened, const TensorParts& parts);

void print_written(const std::filesystem::path& path);
/// `own`: what outputs were compared with.
void print_check(const ExportCheck& check, const std::string& own);

/// Writes a network, runs what was written, and prints the files and how they were run. Throws
/// RunError where they do not give what the network gives.
void export_network(ExportFormat format, const ExportSource& source,
                    const std::filesystem::path& to);

}  // namespace nas
