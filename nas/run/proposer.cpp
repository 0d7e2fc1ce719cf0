#include "nas/run/proposer.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/run/searcher_state.hpp"

namespace nas {

bool is_open(const Trial& trial) {
  return trial.state == TrialState::waiting || trial.state == TrialState::running;
}

Proposer::Proposer(const SearchSettings& settings, TrialStore& store, StoppingRule* stopping,
                   Curves curves)
    : settings_(settings),
      store_(store),
      stopping_(stopping),
      curves_(curves),
      spending_(settings.total, settings.own_budget) {}

std::vector<Trial> Proposer::take_up(Controller& fresh) {
  controller_ = &fresh;
  const Json place = load_searcher(store_, fresh);
  const int64_t told = place.is_null() ? 0 : place.at("told").get<int64_t>();
  auto trials = store_.trials(told_);
  for (const auto& trial : trials) note(trial, told);
  told_ = told;
  return trials;
}

bool Proposer::behind() const {
  const Json place = searcher_place(store_);
  const int64_t told = place.is_null() ? 0 : place.at("told").get<int64_t>();
  return controller_ == nullptr || told != told_ || store_.size() != asked_;
}

std::vector<Trial> Proposer::look() {
  auto trials = store_.trials(told_);
  for (const auto& trial : trials) note(trial, told_);
  return trials;
}

/// Takes up a trial of which those before `told` were told.
void Proposer::note(const Trial& trial, int64_t told) {
  if (trial.number >= asked_) {
    if (trial.number != asked_) throw RunError("the store lacks a trial between others");
    ++asked_;
    spending_.proposed(trial, inherited_by(trial));
  }
  if (is_open(trial)) return;
  if (trial.number >= told) {
    ended(trial);
  } else {
    finished_.erase(trial.number);
    account_for(trial);
  }
}

void Proposer::ended(const Trial& trial) { finished_.emplace(trial.number, trial); }

/// A trial that the controller was told.
void Proposer::account_for(const Trial& trial) {
  if (curves_ == Curves::none) return;
  if (stopping_ == nullptr && trial.state != TrialState::stopped) return;
  const LearningCurve curve = store_.curve(trial.number);
  spending_.told(trial, inherited_by(trial), curve);
  if (stopping_ != nullptr) stopping_->tell(trial, curve);
}

std::vector<Trial> Proposer::propose(double elapsed) {
  std::vector<Trial> trials;
  while (budget_left(elapsed)) {
    auto trial = propose_one();
    if (!trial) break;
    trials.push_back(std::move(*trial));
  }
  return trials;
}

/// Nothing when a result must come first, or when there is nothing left to propose.
std::optional<Trial> Proposer::propose_one() {
  while (told_ < asked_ - settings_.lag + 1) {
    if (!tell_next()) return std::nullopt;
  }
  // What stops early leaves something over for others.
  while (!spending_.left()) {
    if (!tell_next()) return std::nullopt;
  }
  auto proposal = controller_->ask(asked_);
  // Nothing to propose before more results: one more at a time, in order, so that it does not
  // matter when they came.
  while (!proposal) {
    if (!tell_next()) return std::nullopt;
    proposal = controller_->ask(asked_);
  }
  changed_ = true;
  Trial trial = trial_of(std::move(*proposal));
  store_.add(trial);
  return trial;
}

Trial Proposer::trial_of(Proposal proposal) {
  Trial trial;
  trial.number = asked_++;
  trial.job = proposal.job;
  trial.point = std::move(proposal.point);
  trial.budget = proposal.budget;
  trial.continues = proposal.continues;
  trial.seed = derive_seed(settings_.seed, "trial", static_cast<uint64_t>(trial.number));
  if (trial.continues) {
    const auto parent = store_.find(*trial.continues);
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
std::optional<Cutoffs> Proposer::cutoffs_of(const Trial& trial, Budget inherited) const {
  if (stopping_ == nullptr || trial.job == Job::screen) return std::nullopt;
  auto cutoffs = stopping_->cutoffs(trial.job);
  if (!cutoffs) return cutoffs;
  std::erase_if(cutoffs->at, [&](const auto& entry) {
    const auto step = static_cast<double>(entry.first);
    return step <= inherited || (trial.budget > 0 && step >= trial.budget);
  });
  return cutoffs->at.empty() ? std::nullopt : cutoffs;
}

/// The budget of the trial that this one goes on from.
Budget Proposer::inherited_by(const Trial& trial) const {
  if (!trial.continues) return 0;
  const auto parent = store_.find(*trial.continues);
  return parent ? parent->budget : 0;
}

bool Proposer::tell_next() {
  const auto next = finished_.find(told_);
  if (next == finished_.end()) return false;
  controller_->tell(next->second);
  account_for(next->second);
  finished_.erase(next);
  ++told_;
  changed_ = true;
  return true;
}

void Proposer::save() {
  if (changed_) save_searcher(store_, *controller_, Json{{"told", told_}});
  changed_ = false;
}

bool Proposer::budget_left(double elapsed) const {
  const bool trials = settings_.trials == 0 || asked_ < settings_.trials;
  return trials && (settings_.wall_time == 0 || elapsed < settings_.wall_time);
}

}  // namespace nas
