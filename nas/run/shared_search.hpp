#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "nas/run/evaluations.hpp"
#include "nas/run/proposer.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/trial_folders.hpp"
#include "nas/store/shared_store.hpp"

namespace nas {

/// What one worker's part in a search is made of. References outlive it.
struct SharedSearchParts {
  std::function<std::unique_ptr<Controller>()> make_controller;
  /// Empty, or makes nothing, where every trial goes on to its end.
  std::function<std::unique_ptr<StoppingRule>()> make_stopping;
  SharedStore& store;
  Launcher& launcher;
  RunObserver& observer;
  const RunFolder& folder;  // where all workers see it
  const StoreConfig& config;
  std::function<void(const std::string& text)> warn;
};

/// One worker of a search that several processes share. Each evaluates the trials that it claims;
/// whichever comes first when a proposal is due asks for it, in one transaction with the
/// controller's state (see Proposer). So trials are those of a search in one process, whoever
/// joins, leaves or dies.
///
/// A lease is renewed as long as the launcher answers for its trial. A trial whose lease is lost is
/// ended here without a word, for somebody else has it.
class SharedSearch {
 public:
  SharedSearch(const SearchSettings& settings, const SharedSearchParts& parts);

  /// Works until the search is over, whoever ends it. Throws Interrupted after a stop signal, with
  /// all trials under way saved and given back, as far as the store can be reached.
  void run();

 private:
  void work();
  void renew();
  bool ask();
  bool proposal_is_due() const;
  bool propose();
  std::vector<Trial> take_up();
  void note(const Trial& trial);
  void forget_weights(const std::vector<Trial>& untold);
  void start_claimed();
  void wait_idle();
  void record(const LeftTrial& left);
  void save_and_give_back();

  SearchSettings settings_;
  SharedSearchParts parts_;
  Evaluations evaluations_;
  TrialFolders folders_;
  std::unique_ptr<Controller> controller_;
  std::unique_ptr<StoppingRule> stopping_;
  std::unique_ptr<Proposer> proposer_;  // null: nothing is known of the store's state
  std::set<int64_t> settled_;           // ended trials whose folders were looked at
  std::optional<Trial> best_;
  double elapsed_ = 0;     // seconds
  double renewed_ = 0;     // steady seconds, when the leases were
  double failing_ = 0;     // steady seconds, since when transactions break; 0: they do not
  double idle_pause_ = 0;  // seconds
};

}  // namespace nas
