#include "nas/core/process_rank.hpp"

#include <fmt/core.h>

#include <charconv>
#include <limits>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr int64_t kMostProcesses = 1'000'000;
/// Jobs of Slurm get a port each, so that two on one node seldom meet.
constexpr int64_t kFirstPort = 20'000;
constexpr int64_t kPorts = 10'000;

class Environment {
 public:
  explicit Environment(const EnvironmentLookup& lookup) : lookup_(lookup) {}

  std::optional<std::string> text(const char* name) const {
    const char* value = lookup_(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  }

  /// Throws where the variable is missing or not a number within the bounds.
  int64_t number(const char* name, int64_t low, int64_t high) const {
    const std::string found = text(name).value_or("");
    int64_t value = 0;
    const char* end = found.data() + found.size();
    const auto [rest, error] = std::from_chars(found.data(), end, value);
    if (error == std::errc() && rest == end && value >= low && value <= high) return value;
    throw UsageError(fmt::format("environment variable {}: found '{}', expected a number {} .. {}",
                                 name, found, low, high));
  }

 private:
  const EnvironmentLookup& lookup_;
};

uint16_t port_of(const Environment& environment) {
  return static_cast<uint16_t>(
      environment.number("MASTER_PORT", 1, std::numeric_limits<uint16_t>::max()));
}

ProcessRank torchrun_rank(const Environment& environment) {
  ProcessRank self;
  self.count = environment.number("WORLD_SIZE", 1, kMostProcesses);
  self.rank = environment.number("RANK", 0, self.count - 1);
  self.local_rank =
      environment.text("LOCAL_RANK") ? environment.number("LOCAL_RANK", 0, self.count - 1) : 0;
  const auto host = environment.text("MASTER_ADDR");
  if (!host) {
    throw UsageError(
        "environment variable MASTER_ADDR: found nothing, expected the host of rank 0");
  }
  self.host = *host;
  self.port = port_of(environment);
  self.meeting_served = environment.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
  self.attempt = environment.text("TORCHELASTIC_RESTART_COUNT").value_or("0");
  return self;
}

ProcessRank slurm_rank(const Environment& environment) {
  ProcessRank self;
  self.count = environment.number("SLURM_STEP_NUM_TASKS", 1, kMostProcesses);
  self.rank = environment.number("SLURM_PROCID", 0, self.count - 1);
  self.local_rank = environment.number("SLURM_LOCALID", 0, self.count - 1);
  const auto step_nodes = environment.text("SLURM_STEP_NODELIST");
  self.host = environment.text("MASTER_ADDR").value_or("");
  if (self.host.empty()) {
    self.host =
        first_host(step_nodes ? *step_nodes : environment.text("SLURM_NODELIST").value_or(""));
  }
  if (environment.text("MASTER_PORT")) {
    self.port = port_of(environment);
  } else {
    const int64_t job = environment.number("SLURM_JOB_ID", 0, std::numeric_limits<uint32_t>::max());
    self.port = static_cast<uint16_t>(kFirstPort + job % kPorts);
  }
  return self;
}

}  // namespace

std::string first_host(std::string_view nodes) {
  const size_t end = nodes.find_first_of("[,");
  std::string host(nodes.substr(0, end));
  if (end != nodes.npos && nodes[end] == '[') {
    const size_t stop = nodes.find_first_of("-,]", end + 1);
    const size_t close = nodes.find(']', end + 1);
    if (close == nodes.npos || stop == end + 1) host.clear();
    if (!host.empty()) {
      host += nodes.substr(end + 1, stop - end - 1);
      // "rack[1-2]node3"
      const std::string_view rest = nodes.substr(close + 1);
      host += rest.substr(0, rest.find(','));
    }
  }
  if (host.empty() || host.find_first_of("[] \t") != host.npos) {
    throw UsageError(
        fmt::format("list of Slurm's nodes: found '{}', expected 'node[1-4],...'; or "
                    "set MASTER_ADDR",
                    nodes));
  }
  return host;
}

std::optional<ProcessRank> launched_rank(const EnvironmentLookup& lookup) {
  const Environment environment(lookup);
  if (environment.text("RANK") && environment.text("WORLD_SIZE")) {
    return torchrun_rank(environment);
  }
  // Set by srun alone; a batch script knows the job's number of tasks, too, and is the only one.
  if (environment.text("SLURM_STEP_NUM_TASKS")) return slurm_rank(environment);
  return std::nullopt;
}

}  // namespace nas
