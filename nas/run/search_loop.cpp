#include "nas/run/search_loop.hpp"

#include <set>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/stop.hpp"
#include "nas/run/searcher_state.hpp"

namespace nas {
namespace {

constexpr int64_t kTrialsPerTransaction = 64;
constexpr double kSecondsPerWait = 0.5;

bool is_open(const Trial& trial) {
  return trial.state == TrialState::waiting || trial.state == TrialState::running;
}

}  // namespace

SearchLoop::SearchLoop(const SearchSettings& settings, const SearchParts& parts)
    : settings_(settings),
      parts_(parts),
      spending_(settings.total, settings.own_budget),
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
  const Json place = load_searcher(parts_.store, parts_.controller);
  if (!place.is_null()) told_ = place.at("told").get<int64_t>();
  elapsed_before_ = Json::parse(parts_.store.get("elapsed").value_or("0")).get<double>();
  for (auto& trial : parts_.store.trials()) {
    if (trial.number != asked_) throw RunError("the store lacks a trial between others");
    ++asked_;
    recall(trial);
  }
}

/// Takes up a trial of an earlier attempt.
void SearchLoop::recall(const Trial& trial) {
  spending_.proposed(trial, inherited_by(trial));
  if (is_open(trial)) {
    waiting_.push_back(trial.number);
    open_.emplace(trial.number, trial);
    return;
  }
  note_best(trial);
  if (!parts_.launcher.immediate()) folders_.ended(trial);
  if (trial.number >= told_) {
    finished_.emplace(trial.number, trial);
    return;
  }
  account_for(trial);
}

/// A trial that the controller was told.
void SearchLoop::account_for(const Trial& trial) {
  if (parts_.launcher.immediate()) return;  // look-ups have no curves
  const LearningCurve curve = parts_.store.curve(trial.number);
  spending_.told(trial, inherited_by(trial), curve);
  if (parts_.stopping != nullptr) parts_.stopping->tell(trial, curve);
}

/// One transaction, or part of the one under way.
void SearchLoop::change(const std::function<void()>& what) {
  if (in_transaction_) return what();
  in_transaction_ = true;
  try {
    parts_.store.transaction([&] {
      what();
      if (controller_changed_) {
        save_searcher(parts_.store, parts_.controller, Json{{"told", told_}});
      }
    });
  } catch (...) {
    in_transaction_ = false;
    throw;
  }
  controller_changed_ = false;
  in_transaction_ = false;
}

/// Asks for as many trials as the lag and the budget allow.
void SearchLoop::propose() {
  if (!budget_left()) return;
  change([&] {
    while (budget_left() && propose_one()) continue;
  });
  forget_weights();
}

/// False when a result must come first, or when there is nothing left to propose.
bool SearchLoop::propose_one() {
  while (told_ < asked_ - settings_.lag + 1) {
    if (!tell_next()) return false;
  }
  // What stops early leaves something over for others.
  while (!spending_.left()) {
    if (!tell_next()) return false;
  }
  auto proposal = parts_.controller.ask(asked_);
  // Nothing to propose before more results: one more at a time, in order, so that it does not
  // matter when they came.
  while (!proposal) {
    if (!tell_next()) return false;
    proposal = parts_.controller.ask(asked_);
  }
  controller_changed_ = true;
  Trial trial = trial_of(std::move(*proposal));
  parts_.store.add(trial);
  waiting_.push_back(trial.number);
  open_.emplace(trial.number, std::move(trial));
  return true;
}

Trial SearchLoop::trial_of(Proposal proposal) {
  Trial trial;
  trial.number = asked_++;
  trial.job = proposal.job;
  trial.point = std::move(proposal.point);
  trial.budget = proposal.budget;
  trial.continues = proposal.continues;
  trial.seed = derive_seed(settings_.seed, "trial", static_cast<uint64_t>(trial.number));
  if (trial.continues) {
    const auto parent = parts_.store.find(*trial.continues);
    if (!parent) throw RunError("the controller continues a trial that there is not");
    trial.seed = parent->seed;
  }
  const Budget inherited = inherited_by(trial);
  trial.cutoffs = cutoffs_of(trial, inherited);
  spending_.proposed(trial, inherited);
  return trial;
}

/// Those behind the state that it goes on from are left out: it makes no difference then whether
/// that state is still there.
std::optional<Cutoffs> SearchLoop::cutoffs_of(const Trial& trial, Budget inherited) const {
  if (parts_.stopping == nullptr || trial.job == Job::screen) return std::nullopt;
  auto cutoffs = parts_.stopping->cutoffs(trial.job);
  if (!cutoffs) return cutoffs;
  std::erase_if(cutoffs->at, [&](const auto& entry) {
    const auto step = static_cast<double>(entry.first);
    return step <= inherited || (trial.budget > 0 && step >= trial.budget);
  });
  return cutoffs->at.empty() ? std::nullopt : cutoffs;
}

std::optional<Origin> SearchLoop::origin_of(const Trial& trial) const {
  if (!trial.continues) return std::nullopt;
  const auto parent = parts_.store.find(*trial.continues);
  if (!parent || !parent->point) return std::nullopt;
  return Origin{parent->number, *parent->point};
}

/// The budget of the trial that this one goes on from.
Budget SearchLoop::inherited_by(const Trial& trial) const {
  if (!trial.continues) return 0;
  const auto parent = parts_.store.find(*trial.continues);
  return parent ? parent->budget : 0;
}

bool SearchLoop::tell_next() {
  const auto next = finished_.find(told_);
  if (next == finished_.end()) return false;
  const Trial& trial = next->second;
  parts_.controller.tell(trial);
  account_for(trial);
  finished_.erase(next);
  ++told_;
  controller_changed_ = true;
  return true;
}

bool SearchLoop::budget_left() const {
  const bool trials = settings_.trials == 0 || asked_ < settings_.trials;
  return trials && (settings_.wall_time == 0 || elapsed() < settings_.wall_time);
}

double SearchLoop::elapsed() const { return elapsed_before_ + steady_seconds() - began_; }

void SearchLoop::start_waiting() {
  while (!waiting_.empty() && static_cast<int64_t>(started_.size()) < parts_.launcher.capacity()) {
    Trial& trial = open_.at(waiting_.front());
    waiting_.pop_front();
    if (!parts_.launcher.immediate()) folders_.inherit(trial);
    trial.state = TrialState::running;
    trial.started = wall_seconds();
    change([&] { parts_.store.update(trial); });
    started_[trial.number] = steady_seconds();
    const auto folder = parts_.folder.checkpoints(Job::evaluate, trial.number);
    parts_.launcher.start({trial.number, trial.job, trial.point, trial.budget, trial.seed, folder,
                           trial.cutoffs, origin_of(trial)});
    parts_.observer.trial_started(trial);
  }
}

void SearchLoop::handle_event(double seconds) {
  auto event = parts_.launcher.wait(seconds);
  if (!event) return;
  if (const auto* progress = std::get_if<Progress>(&event->what)) {
    return parts_.observer.trial_progress(event->number, *progress);
  }
  Trial trial = open_.at(event->number);
  trial.seconds += steady_seconds() - started_.at(event->number);
  started_.erase(event->number);
  if (const auto* outcome = std::get_if<Outcome>(&event->what)) {
    open_.erase(trial.number);
    finish(trial, *outcome);
  } else {
    put_back(trial);
  }
}

void SearchLoop::finish(Trial& trial, const Outcome& outcome) {
  const auto* score = std::get_if<Score>(&outcome);
  if (score != nullptr) {
    trial.state = score->stopped ? TrialState::stopped : TrialState::complete;
    trial.metrics = score->metrics;
    if (score->derived) trial.point = score->derived;
  } else {
    trial.state = TrialState::failed;
    trial.failure = std::get<Failure>(outcome);
  }
  change([&] {
    parts_.store.update(trial);
    if (score != nullptr && !score->curve.empty()) {
      parts_.store.put_curve(trial.number, score->curve);
    }
    parts_.store.put("elapsed", Json(elapsed()).dump());
  });
  note_best(trial);
  if (!parts_.launcher.immediate()) folders_.ended(trial);
  forget_weights();
  finished_.emplace(trial.number, trial);
  parts_.observer.trial_finished(trial);
}

/// A worker saved its state and stopped: the trial goes on from there next time.
void SearchLoop::put_back(Trial& trial) {
  trial.state = TrialState::waiting;
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
  parts_.launcher.stop();
  while (!started_.empty()) handle_event(kSecondsPerWait);
  parts_.store.put("elapsed", Json(elapsed()).dump());
  throw Interrupted();
}

}  // namespace nas
