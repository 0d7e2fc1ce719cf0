#include <fmt/core.h>
#include <fmt/ranges.h>

#include <thread>

#include "nas/core/host.hpp"
#include "nas/core/machine.hpp"
#include "nas/store/versions.hpp"
#include "tools/doctor.hpp"

namespace nas {
namespace {

constexpr double kGigabyte = 1e9;
constexpr double kLeastMemory = 2e9;  // LibTorch and a small training take about one
constexpr double kLeastRoom = 2e9;
constexpr double kNoRoom = 5e7;

std::string gigabytes(int64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / kGigabyte);
}

Finding processor() {
  const auto vectors = vector_instructions();
  Finding finding{"processor", Health::ok,
                  fmt::format("{}, {} cores, {}", processor_name(),
                              std::thread::hardware_concurrency(), fmt::join(vectors, " ")),
                  ""};
  if (vectors.empty()) {
    finding.health = Health::warning;
    finding.found += "no AVX2 or better";
    finding.advice = "training works, several times slower than on a newer processor";
  }
  return finding;
}

Finding memory() {
  const MemoryFacts facts = memory_facts();
  Finding finding{
      "memory", Health::ok,
      fmt::format("{} of {} available", gigabytes(facts.available), gigabytes(facts.total)), ""};
  if (static_cast<double>(facts.available) < kLeastMemory) {
    finding.health = Health::warning;
    finding.advice = "end other programs, or run with --workers 1 and a smaller batch_size";
  }
  return finding;
}

Finding network_file_system(Finding finding, const FileSystemFacts& facts) {
  finding.health = facts.corrupts_logs ? Health::fault : Health::warning;
  finding.advice = fmt::format(
      "{}file locks of network file systems are not to be trusted: keep trials.db on "
      "a local disk (--out), or share a search through PostgreSQL (store.url)",
      facts.corrupts_logs ? "no search starts here: " : "");
  return finding;
}

Finding folder_finding(const FileSystemFacts& facts, const std::filesystem::path& folder,
                       bool shared) {
  Finding finding{
      "run folder", Health::ok,
      fmt::format("{}: {}, {} free", folder.string(), facts.kind, gigabytes(facts.free)), ""};
  const auto room = static_cast<double>(facts.free);
  if (!facts.writable || room < kNoRoom) {
    finding.health = Health::fault;
    finding.found += facts.writable ? "" : ", not writable";
    finding.advice = "name another folder with --out";
  } else if (facts.network && !shared) {
    return network_file_system(finding, facts);
  } else if (facts.in_memory) {
    finding.health = Health::warning;
    finding.advice = "it is gone when the machine stops: name a folder on a disk with --out";
  } else if (room < kLeastRoom) {
    finding.health = Health::warning;
    finding.advice = "checkpoints of larger networks may fill it: make room, or use --out";
  }
  return finding;
}

}  // namespace

std::string_view to_text(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::fault:
      return "fault";
  }
  return "";
}

void examine_machine(Findings& findings) {
  findings.push_back({"nas", Health::ok, NAS_VERSION, ""});
  findings.push_back(processor());
  findings.push_back(memory());
  findings.push_back({"SQLite", Health::ok, sqlite_version(), ""});
  findings.push_back({"PostgreSQL client", Health::ok, postgres_client_version(), ""});
}

void examine_folder(const std::filesystem::path& folder, bool shared, Findings& findings) {
  auto there = std::filesystem::absolute(folder).lexically_normal();
  while (!std::filesystem::exists(there) && there.has_relative_path()) there = there.parent_path();
  if (!std::filesystem::is_directory(there)) {
    findings.push_back({"run folder", Health::fault, there.string() + " is no folder",
                        "name another folder with --out"});
    return;
  }
  findings.push_back(folder_finding(file_system_facts(there), there, shared));
}

}  // namespace nas
