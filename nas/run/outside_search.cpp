#include "nas/run/outside_search.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/run/proposer.hpp"
#include "nas/run/searcher_state.hpp"

namespace nas {
namespace {

/// In a row, before a controller is not asked any more.
constexpr int64_t kMostRefused = 1000;

std::string result_of(const Trial& trial) {
  if (trial.failure) return "failed: " + trial.failure->reason;
  return Json(trial.metrics).dump();
}

/// How many trials were told, whether an outside program asks for them, and since when.
struct Place {
  int64_t told = 0;
  bool outside = false;
  double began = 0;  // seconds since 1970
};

Place place_of(const Json& json) {
  if (json.is_null()) return {};
  return {json.at("told").get<int64_t>(), json.value("outside", false), json.value("began", 0.0)};
}

}  // namespace

OutsideSearch::OutsideSearch(const OutsideSettings& settings, Controller& controller,
                             TrialStore& store)
    : settings_(settings), controller_(controller), store_(store) {
  const Place place = place_of(load_searcher(store, controller));
  told_ = place.told;
  outside_ = place.outside;
  began_ = place.began;
  if (!outside_) take_over();
}

/// A SearchLoop that has ended leaves results untold that it had no more use for.
void OutsideSearch::take_over() {
  const auto untold = store_.trials(told_);
  if (std::any_of(untold.begin(), untold.end(), is_open)) {
    throw UsageError("a search is under way here; let it end first (nas resume)");
  }
  for (const auto& trial : untold) tell_controller(trial);
}

std::vector<Trial> OutsideSearch::ask(int64_t count) {
  std::vector<Trial> trials;
  change([&] {
    const int64_t before = store_.size();
    for (int64_t refused = 0; refused < kMostRefused && budget_left();) {
      if (static_cast<int64_t>(trials.size()) == count) break;
      auto proposal = controller_.ask(store_.size());
      if (!proposal) break;
      Trial trial = add(std::move(*proposal));
      if (trial.failure) {
        ++refused;
      } else {
        trials.push_back(std::move(trial));
      }
    }
    if (!outside_ && store_.size() > before) begin();
  });
  return trials;
}

/// The first trial of an outside program; a search that went before has taken time already.
void OutsideSearch::begin() {
  outside_ = true;
  const auto elapsed = store_.get("elapsed");
  began_ = wall_seconds() - (elapsed ? Json::parse(*elapsed).get<double>() : 0);
}

Trial OutsideSearch::add(Proposal proposal) {
  if (proposal.job != Job::evaluate || !proposal.point) {
    throw UsageError(fmt::format(
        "the controller asks for a {} before it proposes points; nas run does that, nas "
        "ask does not",
        proposal.job == Job::screen ? "screening" : "supernet"));
  }
  Trial trial;
  trial.number = store_.size();
  trial.state = TrialState::running;
  trial.point = std::move(proposal.point);
  trial.budget = proposal.budget;
  trial.continues = proposal.continues;
  trial.seed = derive_seed(settings_.seed, "trial", static_cast<uint64_t>(trial.number));
  if (trial.continues) trial.seed = store_.find(*trial.continues).value().seed;
  trial.started = wall_seconds();
  if (settings_.refuse) trial.failure = settings_.refuse(*trial.point);
  if (trial.failure) trial.state = TrialState::failed;
  store_.add(trial);
  if (trial.failure) tell_controller(trial);
  return trial;
}

void OutsideSearch::tell_controller(const Trial& trial) {
  controller_.tell(trial);
  ++told_;
}

Trial OutsideSearch::running(int64_t number) const {
  auto trial = store_.find(number);
  if (!trial) {
    throw InputError(fmt::format("trial {}: nobody asked for it; there are {} trials, from 0",
                                 number, store_.size()));
  }
  if (!is_open(*trial)) {
    throw InputError(fmt::format("trial {}: was told already: {}", number, result_of(*trial)));
  }
  return *trial;
}

Trial OutsideSearch::tell(int64_t number, const Outcome& outcome) {
  Trial trial = running(number);
  trial.seconds = std::max(wall_seconds() - trial.started, 0.0);
  if (const auto* score = std::get_if<Score>(&outcome)) {
    trial.state = TrialState::complete;
    trial.metrics = score->metrics;
  } else {
    trial.state = TrialState::failed;
    trial.failure = std::get<Failure>(outcome);
  }
  change([&] {
    store_.update(trial);
    tell_controller(trial);
  });
  return trial;
}

void OutsideSearch::import(std::span<const KnownTrial> known) {
  change([&] {
    for (const auto& one : known) {
      Trial trial;
      trial.number = store_.size();
      trial.state = TrialState::complete;
      trial.point = one.point;
      trial.metrics = one.metrics;
      trial.seed = derive_seed(settings_.seed, "trial", static_cast<uint64_t>(trial.number));
      store_.add(trial);
      tell_controller(trial);
    }
    const int64_t before = imported_trials(store_);
    store_.put("imported", std::to_string(before + static_cast<int64_t>(known.size())));
  });
}

std::vector<Trial> OutsideSearch::open() const {
  auto trials = store_.trials();
  std::erase_if(trials, [](const Trial& trial) { return !is_open(trial); });
  return trials;
}

bool OutsideSearch::budget_left() const {
  return settings_.trials == 0 || store_.size() - imported_trials(store_) < settings_.trials;
}

/// The trials, what the controller was told and its state, or nothing of it.
void OutsideSearch::change(const std::function<void()>& what) {
  store_.transaction([&] {
    what();
    Json place = {{"told", told_}};
    if (outside_) {
      place["outside"] = true;
      place["began"] = began_;
      store_.put("elapsed", Json(std::max(wall_seconds() - began_, 0.0)).dump());
    }
    save_searcher(store_, controller_, place);
  });
}

int64_t imported_trials(const TrialStore& store) {
  const auto number = store.get("imported");
  return number ? std::stoll(*number) : 0;
}

bool is_asked_from_outside(const TrialStore& store) {
  return place_of(searcher_place(store)).outside;
}

void refuse_asked_trials(const TrialStore& store) {
  const Place place = place_of(searcher_place(store));
  if (!place.outside || place.told == store.size()) return;
  std::vector<int64_t> numbers;
  for (const auto& trial : store.trials()) {
    if (is_open(trial)) numbers.push_back(trial.number);
  }
  throw UsageError(
      fmt::format("an outside program has asked for the trials {} here and not told their results; "
                  "tell them first (nas tell)",
                  fmt::join(numbers, ", ")));
}

}  // namespace nas
