#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tools/assemble.hpp"

namespace nas {

/// How bad something is: a fault keeps runs from working, a warning does not.
enum class Health { ok, warning, fault };

std::string_view to_text(Health health);

/// One line of what nas doctor says.
struct Finding {
  std::string subject;
  Health health = Health::ok;
  std::string found;
  std::string advice;  // what to do; empty where all is well
};
using Findings = std::vector<Finding>;

/// Processor, memory, versions of libraries.
void examine_machine(Findings& findings);
/// The program with LibTorch beside this one, and the devices it sees. `device` is what the
/// configuration asks for.
void examine_tensor_program(const std::string& device, Findings& findings);
/// Where runs are written: room, and whether SQLite may trust it. The nearest folder that exists
/// stands for one that does not.
void examine_folder(const std::filesystem::path& folder, bool shared, Findings& findings);
/// The configuration; nothing where it cannot be read.
std::optional<Experiment> examine_config(const std::filesystem::path& file,
                                         const TensorParts& parts, Findings& findings);
/// Whether examples can be read.
void examine_data(const Experiment& experiment, Findings& findings);
/// Whether the database that workers share answers.
void examine_store(const Experiment& experiment, Findings& findings);

}  // namespace nas
