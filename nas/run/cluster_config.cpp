#include "nas/run/cluster_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "nas/config/quantity.hpp"
#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr double kMebi = 1024 * 1024;
constexpr double kMostMemory = 1 << 30;  // MiB

/// Options that decide how a job goes on after an interruption, or that it runs on one node.
constexpr std::array<std::string_view, 18> kOurOptions{
    "--array",  "-a", "--chdir",      "-D",     "--error",  "-e",
    "--hold",   "-H", "--no-requeue", "-N",     "--nodes",  "--open-mode",
    "--output", "-o", "--requeue",    "--wrap", "--signal", "--parsable"};

bool one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

/// "--mem=4G" is the option --mem, "-N2" the option -N.
std::string_view option_name(std::string_view option) {
  return option.starts_with("--") ? option.substr(0, option.find_first_of("= "))
                                  : option.substr(0, 2);
}

/// MiB, rounded up. 16G as Slurm reads it, in powers of 1024, or with a unit that says its powers.
std::optional<int64_t> parse_memory(const std::string& text) {
  const bool as_slurm = !text.empty() && std::string_view("KMGT").find(text.back()) != text.npos;
  std::optional<double> bytes;
  if (as_slurm && text.back() == 'T') {
    if (const auto number = parse_real(text.substr(0, text.size() - 1))) {
      bytes = *number * kMebi * kMebi;
    }
  } else if (const auto quantity = parse_quantity(as_slurm ? text + "iB" : text)) {
    if (quantity->dimension == Dimension::memory) bytes = quantity->value;
  }
  if (!bytes || *bytes <= 0 || *bytes > kMostMemory * kMebi) return std::nullopt;
  return static_cast<int64_t>(std::ceil(*bytes / kMebi));
}

void describe_memory(Section& section, int64_t& memory) {
  std::string text;
  section.text("memory", text,
               "of the whole job: 16G as Slurm counts (powers of 1024), 16GB or 16GiB");
  if (text.empty()) return;
  const auto parsed = parse_memory(text);
  if (!parsed) {
    section.mistake("memory", fmt::format("found '{}', expected memory like 16G, 16GB or 500M",
                                          printable(text)));
  }
  memory = parsed.value_or(0);
}

void describe_word(Section& section, std::string_view name, std::string& value,
                   std::string_view meaning) {
  section.text(name, value, meaning);
  if (!one_line(value)) section.mistake(name, "found several lines, expected one");
}

void describe_options(Section& section, std::vector<std::string>& options) {
  section.texts("options", options,
                "further options, a #SBATCH line each, as sbatch reads them: --constraint=a100");
  for (const auto& option : options) {
    const auto found = fmt::format("found '{}', ", printable(option));
    const auto name = option_name(option);
    if (!option.starts_with('-') || !one_line(option)) {
      section.mistake("options", found + "expected an option of sbatch in one line");
    } else if (std::find(kOurOptions.begin(), kOurOptions.end(), name) != kOurOptions.end()) {
      section.mistake("options", fmt::format("{}but nas submit itself sets {}", found, name));
    }
  }
}

}  // namespace

bool ClusterConfig::says_memory() const {
  return memory > 0 || std::any_of(options.begin(), options.end(), [](const std::string& option) {
           return option.starts_with("--mem");
         });
}

void describe(Section& section, ClusterConfig& config) {
  static constexpr std::string_view kTypes[] = {"slurm"};
  std::string type(kTypes[0]);
  section.one_of("type", type, kTypes, "what places jobs");
  describe_word(section, "partition", config.partition, "empty: the cluster's usual one");
  describe_word(section, "account", config.account, "what the time is charged to");
  section.duration("time", config.time, {0, 1e9, ""},
                   "limit of one start; the run goes on in the next. 0: the partition's");
  section.integer("workers", config.workers, {1, 4096, "jobs"},
                  "an array of so many jobs shares the search, through `store`");
  section.integer("gpus", config.gpus, {0, 1024, "GPUs"}, "of one job");
  describe_word(section, "gpu_type", config.gpu_type, "as the cluster names it; empty: any");
  section.integer("cpus", config.cpus, {0, 4096, "CPUs"}, "0: `threads` for each worker");
  describe_memory(section, config.memory);
  auto lead = static_cast<double>(config.signal_lead);
  section.duration("signal_lead", lead, {1, 65535, ""},
                   "how long before the time limit the run is told to save its state");
  config.signal_lead = std::llround(lead);
  if (config.time > 0 && config.time <= lead) {
    section.mistake("time", "is not longer than signal_lead");
  }
  describe_options(section, config.options);
  section.texts("setup", config.setup, "shell lines before the run: module load cuda");
}

}  // namespace nas
