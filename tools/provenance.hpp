#pragma once

#include <string>

#include "nas/core/json.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace nas {

/// provenance.json of a run: version, configuration hash, seed, device, and every attempt with its
/// start, host and Slurm job. Written at once, and again when the device is known.
class Provenance {
 public:
  Provenance(const RunFolder& folder, const Experiment& experiment, const Program& program);

  /// `device`: JSON from a worker.
  void set_device(const std::string& device);
  /// Anything else that decides results.
  void set(const std::string& key, const Json& value);

 private:
  void write() const;

  std::filesystem::path path_;
  Json content_;
};

}  // namespace nas
