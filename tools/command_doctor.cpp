#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "tools/doctor.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

struct Options {
  std::string config;
  std::string folder;
  bool json = false;
};

Findings examine(const Options& options, const TensorParts& parts) {
  Findings findings;
  examine_machine(findings);
  std::optional<Experiment> experiment;
  if (!options.config.empty()) experiment = examine_config(options.config, parts, findings);
  examine_tensor_program(experiment ? experiment->config.execution.device : "auto", findings);
  const std::string name = experiment ? experiment->config.name : "";
  const bool shared = experiment && !experiment->config.store.url.empty();
  const auto usual = std::filesystem::path("runs") / name;
  examine_folder(options.folder.empty() ? usual : std::filesystem::path(options.folder), shared,
                 findings);
  if (experiment) {
    examine_data(*experiment, findings);
    examine_store(*experiment, findings);
  }
  return findings;
}

Json to_json(const Findings& findings) {
  Json json = Json::array();
  for (const auto& finding : findings) {
    json.push_back({{"subject", finding.subject},
                    {"health", to_text(finding.health)},
                    {"found", finding.found},
                    {"advice", finding.advice}});
  }
  return json;
}

void print(const Findings& findings) {
  for (const auto& finding : findings) {
    fmt::print("{:<8} {:<18} {}\n", to_text(finding.health), finding.subject, finding.found);
    if (!finding.advice.empty()) fmt::print("{:<27} -> {}\n", "", finding.advice);
  }
}

int doctor(const Options& options, const TensorParts& parts) {
  const Findings findings = examine(options, parts);
  options.json ? print_json(to_json(findings)) : print(findings);
  const bool faulty = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::fault;
  });
  return static_cast<int>(faulty ? ExitStatus::run_failed : ExitStatus::success);
}

}  // namespace

void add_doctor(CLI::App& app, const Program& program, int& status) {
  auto* command = app.add_subcommand("doctor", "Whether this machine and a configuration can run");
  auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->config, "a configuration file");
  command->add_option("--out", options->folder, "the run's folder (runs/NAME)");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program, &status] { status = doctor(*options, program.parts); });
}

/// Not for people: what `nas doctor` asks the program with LibTorch.
void add_devices(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("devices", "")->group("");
  command->callback([&program] {
    if (!program.parts.present()) become_tensor_program(program);
    fmt::print("{}\n", program.parts.devices_command().dump());
  });
}

}  // namespace nas
