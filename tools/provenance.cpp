#include "tools/provenance.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/data/data_files.hpp"

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

/// An empty object where there is none, or something else.
Json previous(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return Json::object();
  Json content = Json::parse(read_file(path), nullptr, false);
  return content.is_object() ? content : Json::object();
}

Json to_json(const DataFiles& data) {
  return {{"files", data.files}, {"bytes", data.bytes}, {"sha256", data.sha256}};
}

/// Trials of other data are no basis to go on from. Throws InputError.
void note_data(Json& content, const std::optional<DataFiles>& found, const std::string& where) {
  if (!found) return;
  Json& noted = content["data"];
  if (!noted.is_object()) noted = to_json(*found);
  if (noted == to_json(*found)) return;
  throw InputError(fmt::format(
      "'{}': found {} files of {} bytes, the run began with {} of {}: names or sizes have changed; "
      "expected the same files, or another folder for a new run (--out)",
      where, found->files, found->bytes, noted.value("files", int64_t{0}),
      noted.value("bytes", int64_t{0})));
}

}  // namespace

Provenance::Provenance(const RunFolder& folder, const Experiment& experiment,
                       const Program& program)
    : Provenance(folder, experiment, program, [](const auto& what) { what(); }) {}

Provenance::Provenance(const RunFolder& folder, const Experiment& experiment,
                       const Program& program, Exclusively exclusively)
    : path_(folder.provenance()), exclusively_(std::move(exclusively)) {
  const auto data = data_files(experiment.config.data);
  change([&](Json& content) {
    note_data(content, data, experiment.config.data.path);
    content["version"] = NAS_VERSION;
    content["config_sha256"] = sha256(experiment.resolved);
    content["seed"] = experiment.config.seed;
    content["threads"] = experiment.config.execution.threads;
    content["command"] = program.arguments;
    if (!content.contains("device")) content["device"] = nullptr;
    device_ = content["device"];
    if (!content.contains("attempts")) content["attempts"] = Json::array();
    content["attempts"].push_back(this_attempt());
  });
}

void Provenance::set_device(const std::string& device) {
  Json parsed = Json::parse(device);
  if (device_ == parsed) return;
  device_ = parsed;
  set("device", parsed);
}

void Provenance::set(const std::string& key, const Json& value) {
  change([&](Json& content) { content[key] = value; });
}

void Provenance::change(const std::function<void(Json& content)>& what) {
  exclusively_([&] {
    Json content = previous(path_);
    what(content);
    write_file_atomically(path_, content.dump(2) + "\n");
  });
}

}  // namespace nas
