#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "nas/run/run_folder.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// The folders of a search's points. Those of supernets hold their history and stay.
class TrialFolders {
 public:
  /// `folder` outlives this.
  explicit TrialFolders(const RunFolder& folder) : folder_(folder) {}

  /// Gives a trial that continues another one that one's files, before its first attempt. All of
  /// them or none, whatever interrupts it; none where they are gone: it starts over then. Files are
  /// shared, not copied: who writes to a folder replaces whole files. Throws RunError.
  void inherit(const Trial& trial) const;

  /// The folder of an attempt of a trial that several workers share, with what the newest attempt
  /// before it had saved, or else the trial that it continues. Whoever still works on an older
  /// attempt has a folder of his own and disturbs nobody. Throws RunError.
  std::filesystem::path begin(const Trial& trial) const;
  /// Gives the folder of the attempt that ended a trial its lasting name, and removes those of the
  /// others; nothing where that is done. Throws RunError.
  void settle(const Trial& trial) const;

  /// A trial that ended, now or in an earlier attempt of the run.
  void ended(const Trial& trial);

  /// Removes those of ended trials but for the `needed`. One that cannot be removed costs space,
  /// nothing else.
  void forget(const std::function<bool(int64_t number)>& needed);

 private:
  const RunFolder& folder_;
  std::set<int64_t> kept_;
};

}  // namespace nas
