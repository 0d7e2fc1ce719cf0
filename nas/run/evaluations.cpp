#include "nas/run/evaluations.hpp"

#include "nas/core/clock.hpp"

namespace nas {
namespace {

std::optional<Origin> origin_of(const Trial& trial, const TrialStore& store) {
  if (!trial.continues) return std::nullopt;
  const auto parent = store.find(*trial.continues);
  if (!parent || !parent->point) return std::nullopt;
  return Origin{parent->number, *parent->point};
}

LeftTrial with_outcome(Trial trial, Outcome outcome) {
  if (auto* score = std::get_if<Score>(&outcome)) {
    trial.state = score->stopped ? TrialState::stopped : TrialState::complete;
    trial.metrics = score->metrics;
    if (score->derived) trial.point = score->derived;
    return {trial, std::move(score->curve)};
  }
  trial.state = TrialState::failed;
  trial.failure = std::get<Failure>(outcome);
  return {trial, {}};
}

}  // namespace

bool Evaluations::has_room() const {
  return static_cast<int64_t>(running_.size()) < launcher_.capacity();
}

std::vector<Trial> Evaluations::trials() const {
  std::vector<Trial> list;
  for (const auto& [number, running] : running_) list.push_back(running.trial);
  return list;
}

void Evaluations::start(const Trial& trial, const std::filesystem::path& folder,
                        const TrialStore& store) {
  running_[trial.number] = {trial, steady_seconds()};
  launcher_.start({trial.number, trial.job, trial.point, trial.budget, trial.seed, folder,
                   trial.cutoffs, origin_of(trial, store)});
  observer_.trial_started(trial);
}

std::optional<LeftTrial> Evaluations::wait(double seconds) {
  auto event = launcher_.wait(seconds);
  if (!event) return std::nullopt;
  if (const auto* progress = std::get_if<Progress>(&event->what)) {
    observer_.trial_progress(event->number, *progress);
    return std::nullopt;
  }
  const auto found = running_.find(event->number);
  Trial trial = found->second.trial;
  trial.seconds += steady_seconds() - found->second.since;
  running_.erase(found);
  if (auto* outcome = std::get_if<Outcome>(&event->what)) {
    return with_outcome(std::move(trial), std::move(*outcome));
  }
  trial.state = TrialState::waiting;
  return LeftTrial{trial, {}};
}

void Evaluations::abandon(int64_t number) {
  launcher_.abandon(number);
  running_.erase(number);
}

}  // namespace nas
