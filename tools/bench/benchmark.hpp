#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "tools/program.hpp"

namespace nas {

/// `nas bench WHAT [CONFIG] --set key=value --to FILE`.
struct BenchRequest {
  std::vector<std::string> settings;
  std::filesystem::path config;
  std::filesystem::path target;
};

/// What a benchmark found.
struct BenchResult {
  std::string benchmark;
  Json settings;
  /// One a repetition.
  std::vector<double> samples;
  /// "seconds a trial"; seconds of something.
  std::string unit;
  Json device;
  /// Bytes: of the device's allocator or, on the CPU, of the process.
  int64_t peak_memory = 0;
  /// More figures, by name.
  Json more = Json::object();
};

/// {benchmark, settings, median, spread: [lower quartile, upper quartile], samples, unit, device,
/// versions, peak_memory, ...}
Json to_json(const BenchResult& result);

/// Reads a benchmark's settings, as a configuration would be read, over those in `defaults` (YAML);
/// returns them as they are in effect. Throws ConfigError.
Json read_settings(std::string_view benchmark, std::string_view defaults,
                   std::span<const std::string> settings,
                   const std::function<void(Section&)>& describe);

/// Of the program, its compiler and, where `device` is described by LibTorch, that.
Json program_versions(const Json& device);

/// The processor alone, in a program that may have no LibTorch.
Json processor_facts();

/// Runs a benchmark; returns its BenchResult, or a list of them, as JSON.
using Benchmark = Json (*)(const BenchRequest& request, const Program& program);

Json bench_controller(const BenchRequest& request, const Program& program);
Json bench_cooling(const BenchRequest& request, const Program& program);
Json bench_hpo(const BenchRequest& request, const Program& program);
Json bench_packing(const BenchRequest& request, const Program& program);
Json bench_store(const BenchRequest& request, const Program& program);

}  // namespace nas
