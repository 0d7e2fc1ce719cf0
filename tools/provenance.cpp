#include "tools/provenance.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "nas/core/clock.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"

namespace nas {
namespace {

Json this_attempt() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  Json attempt = {{"started", wall_seconds()}, {"host", host.data()}};
  for (const char* name : {"SLURM_JOB_ID", "SLURM_RESTART_COUNT", "SLURMD_NODENAME"}) {
    if (const char* value = std::getenv(name)) attempt[name] = value;
  }
  return attempt;
}

Json previous(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return Json::object();
  return Json::parse(read_file(path), nullptr, false);
}

}  // namespace

Provenance::Provenance(const RunFolder& folder, const Experiment& experiment,
                       const Program& program)
    : path_(folder.provenance()), content_(previous(path_)) {
  if (!content_.is_object()) content_ = Json::object();
  content_["version"] = NAS_VERSION;
  content_["config_sha256"] = sha256(experiment.resolved);
  content_["seed"] = experiment.config.seed;
  content_["threads"] = experiment.config.execution.threads;
  content_["command"] = program.arguments;
  if (!content_.contains("device")) content_["device"] = nullptr;
  if (!content_.contains("attempts")) content_["attempts"] = Json::array();
  content_["attempts"].push_back(this_attempt());
  write();
}

void Provenance::set_device(const std::string& device) {
  Json parsed = Json::parse(device);
  if (content_["device"] == parsed) return;
  content_["device"] = std::move(parsed);
  write();
}

void Provenance::set(const std::string& key, const Json& value) {
  content_[key] = value;
  write();
}

void Provenance::write() const { write_file_atomically(path_, content_.dump(2) + "\n"); }

}  // namespace nas
