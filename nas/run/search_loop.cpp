#include "nas/run/search_loop.hpp"

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/stop.hpp"

namespace nas {
namespace {

constexpr int64_t kTrialsPerTransaction = 64;
constexpr double kSecondsPerWait = 0.5;

bool is_open(const Trial& trial) {
  return trial.state == TrialState::waiting || trial.state == TrialState::running;
}

}  // namespace

SearchLoop::SearchLoop(const SearchSettings& settings, const SearchParts& parts)
    : settings_(settings), parts_(parts), began_(steady_seconds()) {}

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
  if (const auto state = parts_.store.get("searcher")) {
    const auto controller = parts_.store.get("controller");
    if (!controller) throw RunError("the store lacks the controller's state; it was damaged");
    told_ = Json::parse(*state).at("told").get<int64_t>();
    parts_.controller.load(*controller);
  }
  elapsed_before_ = Json::parse(parts_.store.get("elapsed").value_or("0")).get<double>();
  for (auto& trial : parts_.store.trials()) {
    if (trial.number != asked_) throw RunError("the store lacks a trial between others");
    ++asked_;
    if (is_open(trial)) {
      waiting_.push_back(trial.number);
      open_.emplace(trial.number, trial);
      continue;
    }
    if (trial.number >= told_) finished_.emplace(trial.number, trial);
    const auto value = utility(settings_.objectives.front(), trial);
    if (value && (!best_ || *value > *utility(settings_.objectives.front(), *best_))) best_ = trial;
  }
}

/// One transaction, or part of the one under way.
void SearchLoop::change(const std::function<void()>& what) {
  if (in_transaction_) return what();
  in_transaction_ = true;
  try {
    parts_.store.transaction([&] {
      what();
      if (!controller_changed_) return;
      parts_.store.put("controller", parts_.controller.save());
      parts_.store.put("searcher", Json{{"told", told_}}.dump());
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
}

/// False when a result must come first, or when there is nothing left to propose.
bool SearchLoop::propose_one() {
  while (told_ < asked_ - settings_.lag + 1) {
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
  Trial trial;
  trial.number = asked_++;
  trial.job = proposal->job;
  trial.point = std::move(proposal->point);
  trial.seed = derive_seed(settings_.seed, "trial", static_cast<uint64_t>(trial.number));
  parts_.store.add(trial);
  waiting_.push_back(trial.number);
  open_.emplace(trial.number, std::move(trial));
  return true;
}

bool SearchLoop::tell_next() {
  const auto next = finished_.find(told_);
  if (next == finished_.end()) return false;
  parts_.controller.tell(next->second);
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
    trial.state = TrialState::running;
    trial.started = wall_seconds();
    change([&] { parts_.store.update(trial); });
    started_[trial.number] = steady_seconds();
    const auto folder = parts_.folder.checkpoints(Job::evaluate, trial.number);
    parts_.launcher.start({trial.number, trial.job, trial.point, trial.budget, trial.seed, folder});
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
  if (const auto* score = std::get_if<Score>(&outcome)) {
    trial.state = TrialState::complete;
    trial.metrics = score->metrics;
    if (score->derived) trial.point = score->derived;
  } else {
    trial.state = TrialState::failed;
    trial.failure = std::get<Failure>(outcome);
  }
  change([&] {
    parts_.store.update(trial);
    parts_.store.put("elapsed", Json(elapsed()).dump());
  });
  if (!parts_.launcher.immediate()) forget_weights(trial);
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

/// Only the best trial's weights are kept; a supernet's folder holds its history and stays.
void SearchLoop::forget_weights(const Trial& trial) {
  if (trial.job == Job::supernet) return;
  const Objective& objective = settings_.objectives.front();
  const auto value = utility(objective, trial);
  int64_t forgotten = trial.number;
  // Among equals the earliest is best, whichever finished first.
  const auto beats = [&](const Trial& old) {
    const double other = *utility(objective, old);
    return *value > other || (*value == other && trial.number < old.number);
  };
  if (value && (!best_ || beats(*best_))) {
    forgotten = best_ ? best_->number : -1;
    best_ = trial;
  }
  if (forgotten < 0) return;
  std::error_code ignored;  // a folder that stays costs space, nothing else
  std::filesystem::remove_all(parts_.folder.checkpoints(Job::evaluate, forgotten), ignored);
}

void SearchLoop::stop_and_save() {
  parts_.launcher.stop();
  while (!started_.empty()) handle_event(kSecondsPerWait);
  parts_.store.put("elapsed", Json(elapsed()).dump());
  throw Interrupted();
}

}  // namespace nas
