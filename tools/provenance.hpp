#pragma once

#include <functional>
#include <string>

#include "nas/core/json.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace nas {

/// provenance.json of a run: version, configuration hash, seed, data_files(), device, and every
/// attempt with its start, host and Slurm job. Written at once, and again when the device is known.
/// Constructors throw InputError where the data's files are others than those it was begun with.
class Provenance {
 public:
  /// Does something while nobody else does such a thing.
  using Exclusively = std::function<void(const std::function<void()>&)>;

  Provenance(const RunFolder& folder, const Experiment& experiment, const Program& program);
  /// The same where several processes write the file.
  Provenance(const RunFolder& folder, const Experiment& experiment, const Program& program,
             Exclusively exclusively);

  /// `device`: JSON from a worker.
  void set_device(const std::string& device);
  /// Anything else that decides results.
  void set(const std::string& key, const Json& value);

 private:
  void change(const std::function<void(Json& content)>& what);

  std::filesystem::path path_;
  Exclusively exclusively_;
  Json device_;
};

}  // namespace nas
