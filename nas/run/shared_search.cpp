#include "nas/run/shared_search.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/store/postgres.hpp"

namespace nas {
namespace {

constexpr double kSecondsPerWait = 0.5;
constexpr double kShortestPause = 0.005;  // of a worker that has nothing to do
constexpr double kLongestPause = 1;

void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

}  // namespace

SharedSearch::SharedSearch(const SearchSettings& settings, const SharedSearchParts& parts)
    : settings_(settings),
      parts_(parts),
      evaluations_(parts.launcher, parts.observer),
      folders_(parts.folder) {}

void SharedSearch::run() {
  try {
    work();
  } catch (const Interrupted&) {
    save_and_give_back();
    throw;
  }
}

void SharedSearch::work() {
  while (true) {
    if (stop_requested()) throw Interrupted();
    renew();
    start_claimed();
    // What is looked up ends at once: asking ahead would only cost.
    if ((evaluations_.empty() || !parts_.launcher.immediate()) && ask()) start_claimed();
    if (evaluations_.empty()) {
      if (parts_.store.get("search") == "finished") break;
      wait_idle();
    } else if (const auto left = evaluations_.wait(kSecondsPerWait)) {
      record(*left);
    }
  }
  parts_.store.note_time();
}

/// Well before the leases run out.
void SharedSearch::renew() {
  if (steady_seconds() - renewed_ < parts_.config.lease / 4) return;
  renewed_ = steady_seconds();
  elapsed_ = parts_.store.note_time();
  std::vector<Lease> leases;
  for (const auto& trial : evaluations_.trials()) leases.push_back({trial.number, trial.attempt});
  const auto held = parts_.store.renew(leases);
  for (const auto& lease : leases) {
    if (std::find(held.begin(), held.end(), lease) != held.end()) continue;
    evaluations_.abandon(lease.number);
    parts_.warn(fmt::format("trial {}: the lease of attempt {} ran out, another worker has it",
                            lease.number, lease.attempt));
  }
}

/// Whether there are new trials.
bool SharedSearch::ask() {
  if (proposer_ && !proposal_is_due()) return false;
  bool added = false;
  try {
    parts_.store.try_transaction([&] { added = propose(); });
    failing_ = 0;
    return added;
  } catch (const StoreUnavailable& error) {
    // Made or not: what the store holds decides.
    proposer_.reset();
    if (failing_ == 0) failing_ = steady_seconds();
    if (steady_seconds() - failing_ > parts_.config.patience) throw;
    parts_.warn(error.what());
    sleep(kSecondsPerWait);
    return false;
  }
}

/// A result that the next proposal waits for has come, or the search may be over.
bool SharedSearch::proposal_is_due() const {
  const Standing standing = parts_.store.standing(proposer_->told());
  return !standing.any_open || (standing.ended && proposer_->budget_left(elapsed_));
}

bool SharedSearch::propose() {
  auto untold = take_up();
  // Before there are trials that need them.
  for (const auto& trial : untold) note(trial);
  const auto added = proposer_->propose(elapsed_);
  proposer_->save();
  untold.insert(untold.end(), added.begin(), added.end());
  if (std::none_of(untold.begin(), untold.end(), is_open)) parts_.store.put("search", "finished");
  if (!parts_.launcher.immediate()) forget_weights(untold);
  return !added.empty();
}

/// What others did since is taken up with a fresh controller; results are only read.
std::vector<Trial> SharedSearch::take_up() {
  if (!proposer_) {
    if (parts_.make_stopping) stopping_ = parts_.make_stopping();
    proposer_ = std::make_unique<Proposer>(
        settings_, parts_.store, stopping_.get(),
        parts_.launcher.immediate() ? Proposer::Curves::none : Proposer::Curves::kept);
  }
  if (!proposer_->behind()) return proposer_->look();
  auto fresh = parts_.make_controller();
  auto trials = proposer_->take_up(*fresh);
  controller_ = std::move(fresh);
  return trials;
}

/// A trial that this worker may see for the first time.
void SharedSearch::note(const Trial& trial) {
  if (is_open(trial) || !settled_.insert(trial.number).second) return;
  const Objective& objective = settings_.objectives.front();
  if (utility(objective, trial) && (!best_ || beats(objective, trial, *best_))) best_ = trial;
  if (parts_.launcher.immediate()) return;
  folders_.settle(trial);
  folders_.ended(trial);
}

/// Kept are the state of the best trial, of those that may be continued, and of those that are. A
/// worker that looks late takes none away that is needed: what is not needed once never is again.
void SharedSearch::forget_weights(const std::vector<Trial>& untold) {
  std::set<int64_t> continued;
  for (const auto& trial : untold) {
    if (trial.continues && is_open(trial)) continued.insert(*trial.continues);
  }
  folders_.forget([&](int64_t number) {
    const bool best = best_ && best_->number == number;
    return best || continued.contains(number) || proposer_->controller().may_continue(number);
  });
}

void SharedSearch::start_claimed() {
  while (evaluations_.has_room()) {
    const auto trial = parts_.store.claim();
    if (!trial) return;
    idle_pause_ = 0;
    const auto folder = parts_.launcher.immediate() ? parts_.folder.root() : folders_.begin(*trial);
    evaluations_.start(*trial, folder, parts_.store);
  }
}

void SharedSearch::wait_idle() {
  sleep(idle_pause_);
  idle_pause_ = std::clamp(2 * idle_pause_, kShortestPause, kLongestPause);
}

void SharedSearch::record(const LeftTrial& left) {
  const Trial& trial = left.trial;
  if (is_open(trial)) {
    parts_.store.give_back(trial);
  } else if (parts_.store.finish(trial, left.curve)) {
    parts_.observer.trial_finished(trial);
  } else {
    parts_.warn(fmt::format("trial {}: the result of attempt {} came too late", trial.number,
                            trial.attempt));
  }
}

/// Where the store cannot be reached the leases run out instead; nothing is lost.
void SharedSearch::save_and_give_back() {
  evaluations_.stop();
  std::vector<LeftTrial> left;
  while (!evaluations_.empty()) {
    if (auto one = evaluations_.wait(kSecondsPerWait)) left.push_back(std::move(*one));
  }
  try {
    for (const auto& one : left) record(one);
    parts_.store.note_time();
  } catch (const Error& error) {
    parts_.warn(error.what());
  }
}

}  // namespace nas
