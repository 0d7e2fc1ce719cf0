#include "nas/run/search_loop.hpp"

#include <set>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/stop.hpp"

namespace nas {
namespace {

constexpr int64_t kTrialsPerTransaction = 64;
constexpr double kSecondsPerWait = 0.5;

}  // namespace

SearchLoop::SearchLoop(const SearchSettings& settings, const SearchParts& parts)
    : settings_(settings),
      parts_(parts),
      proposer_(settings, parts.store, parts.stopping,
                parts.launcher.immediate() ? Proposer::Curves::none : Proposer::Curves::kept),
      evaluations_(parts.launcher, parts.observer),
      folders_(parts.folder),
      began_(steady_seconds()) {}

void SearchLoop::run() {
  restore();
  for (bool more = true; more;) {
    if (stop_requested()) stop_and_save();
    if (parts_.launcher.immediate()) {
      change([&] {
        for (int64_t i = 0; more && i < kTrialsPerTransaction; ++i) more = advance();
      });
    } else {
      more = advance();
    }
  }
  parts_.store.put("search", "finished");
}

bool SearchLoop::advance() {
  propose();
  if (open_.empty()) return false;
  start_waiting();
  handle_event(kSecondsPerWait);
  return true;
}

void SearchLoop::restore() {
  elapsed_before_ = Json::parse(parts_.store.get("elapsed").value_or("0")).get<double>();
  for (const auto& trial : proposer_.take_up(parts_.controller)) recall(trial);
}

/// Takes up a trial of an earlier attempt.
void SearchLoop::recall(const Trial& trial) {
  if (is_open(trial)) {
    waiting_.push_back(trial.number);
    open_.emplace(trial.number, trial);
    return;
  }
  note_best(trial);
  if (!parts_.launcher.immediate()) folders_.ended(trial);
}

/// One transaction, or part of the one under way.
void SearchLoop::change(const std::function<void()>& what) {
  if (in_transaction_) return what();
  in_transaction_ = true;
  try {
    parts_.store.transaction([&] {
      what();
      proposer_.save();
    });
  } catch (...) {
    in_transaction_ = false;
    throw;
  }
  in_transaction_ = false;
}

/// Asks for as many trials as the lag and the budget allow.
void SearchLoop::propose() {
  if (!proposer_.budget_left(elapsed())) return;
  change([&] {
    for (auto& trial : proposer_.propose(elapsed())) {
      waiting_.push_back(trial.number);
      open_.emplace(trial.number, std::move(trial));
    }
  });
  forget_weights();
}

double SearchLoop::elapsed() const { return elapsed_before_ + steady_seconds() - began_; }

void SearchLoop::start_waiting() {
  while (!waiting_.empty() && evaluations_.has_room()) {
    Trial& trial = open_.at(waiting_.front());
    waiting_.pop_front();
    if (!parts_.launcher.immediate()) folders_.inherit(trial);
    trial.state = TrialState::running;
    trial.started = wall_seconds();
    change([&] { parts_.store.update(trial); });
    evaluations_.start(trial, parts_.folder.checkpoints(Job::evaluate, trial.number), parts_.store);
  }
}

void SearchLoop::handle_event(double seconds) {
  const auto left = evaluations_.wait(seconds);
  if (!left) return;
  is_open(left->trial) ? put_back(left->trial) : finish(*left);
}

void SearchLoop::finish(const LeftTrial& left) {
  const Trial& trial = left.trial;
  open_.erase(trial.number);
  change([&] {
    parts_.store.update(trial);
    if (!left.curve.empty()) parts_.store.put_curve(trial.number, left.curve);
    parts_.store.put("elapsed", Json(elapsed()).dump());
  });
  note_best(trial);
  if (!parts_.launcher.immediate()) folders_.ended(trial);
  forget_weights();
  proposer_.ended(trial);
  parts_.observer.trial_finished(trial);
}

/// A worker saved its state and stopped: the trial goes on from there next time.
void SearchLoop::put_back(const Trial& trial) {
  change([&] { parts_.store.update(trial); });
  open_.at(trial.number) = trial;
  waiting_.push_front(trial.number);
}

void SearchLoop::note_best(const Trial& trial) {
  const Objective& objective = settings_.objectives.front();
  if (utility(objective, trial) && (!best_ || beats(objective, trial, *best_))) best_ = trial;
}

/// Kept are the state of the best trial, of those that may be continued, and of those that are
/// about to be.
void SearchLoop::forget_weights() {
  std::set<int64_t> awaited;
  for (const auto& [number, trial] : open_) {
    if (trial.continues && trial.state == TrialState::waiting) awaited.insert(*trial.continues);
  }
  folders_.forget([&](int64_t number) {
    const bool best = best_ && best_->number == number;
    return best || awaited.contains(number) || parts_.controller.may_continue(number);
  });
}

void SearchLoop::stop_and_save() {
  evaluations_.stop();
  while (!evaluations_.empty()) handle_event(kSecondsPerWait);
  parts_.store.put("elapsed", Json(elapsed()).dump());
  throw Interrupted();
}

}  // namespace nas
