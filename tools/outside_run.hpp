#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nas/core/file.hpp"
#include "nas/core/json_fwd.hpp"
#include "nas/core/log.hpp"
#include "nas/run/outside_search.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/assemble.hpp"
#include "tools/program.hpp"

namespace CLI {
class App;
}

namespace nas {

/// Where an outside program's trials are.
struct OutsidePlace {
  std::string place;   // a run's folder, or a configuration
  std::string folder;  // of a configuration's run; empty: runs/NAME
  std::vector<std::string> overrides;
};

/// Adds what names an OutsidePlace to a command.
void add_place_options(CLI::App& command, OutsidePlace& place);

/// The run of a search that an outside program drives, from its lock on: other processes wait until
/// the object goes.
class OutsideRun {
 public:
  /// Makes the folder of a configuration where it is not there yet. Throws UsageError where `place`
  /// is neither.
  OutsideRun(const OutsidePlace& place, const Program& program);

  const std::filesystem::path& folder() const { return folder_.root(); }
  const Experiment& experiment() const { return experiment_; }
  const Space& space() const { return *space_; }
  const Choices& choices() const { return space_->choices(); }
  OutsideSearch& search() { return *search_; }
  Log& log() { return log_; }

  /// Writes down, once, that results are told as they come.
  void note_order_of_results();
  void note_import(const std::filesystem::path& file, size_t trials);

 private:
  Experiment read(const OutsidePlace& place) const;
  RunFolder made(const OutsidePlace& place) const;
  OutsideSettings settings() const;
  Json provenance() const;

  const Program& program_;
  Experiment experiment_;
  RunFolder folder_;
  FileLock lock_;
  Log log_;
  std::unique_ptr<Space> space_;
  std::unique_ptr<TrialStore> store_;
  std::unique_ptr<Controller> controller_;
  std::optional<OutsideSearch> search_;
};

}  // namespace nas
