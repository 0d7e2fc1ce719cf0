#include "tests/fuzz/targets.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "nas/core/error.hpp"
#include "tests/support/scratch.hpp"

namespace nas::fuzz {

std::span<const Target> targets() {
  static constexpr std::array<Target, 21> kTargets{{{"architecture", architecture},
                                                    {"archive", archive},
                                                    {"benchmark_table", benchmark_table},
                                                    {"candidates", candidates},
                                                    {"checkpoint", checkpoint},
                                                    {"cifar", cifar},
                                                    {"csv", csv},
                                                    {"experiment", experiment},
                                                    {"idx", idx},
                                                    {"image_folder", image_folder},
                                                    {"known_trials", known_trials},
                                                    {"latency_table", latency_table},
                                                    {"picture", picture},
                                                    {"program_reply", program_reply},
                                                    {"qubo_model", qubo_model},
                                                    {"safetensors", safetensors},
                                                    {"table", table},
                                                    {"traces", traces},
                                                    {"wav", wav},
                                                    {"worker_lines", worker_lines},
                                                    {"yaml", yaml}}};
  return kTargets;
}

bool taken(const std::function<void()>& parse) {
  try {
    parse();
    return true;
  } catch (const Error& error) {
    if (error.status() != ExitStatus::wrong_use) throw;
    return false;
  }
}

void require(bool holds, std::string_view promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::abort();
}

unsigned take_byte(std::string_view& input) {
  if (input.empty()) return 0;
  const auto byte = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  return byte;
}

std::filesystem::path file_with(std::string_view bytes, std::string_view name) {
  static const Scratch folder;
  auto path = folder.path() / name;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  require(file.good(), "the input can be written to a file");
  return path;
}

}  // namespace nas::fuzz
