#include "controllers/shrinking_schedule.hpp"

#include "nas/core/random.hpp"

namespace nas {

ShrinkingSchedule::ShrinkingSchedule(const OnceForAllOptions& options, const Choices& choices,
                                     int64_t steps_per_epoch)
    : sandwich_(options.sandwich), steps_per_epoch_(steps_per_epoch) {
  ElasticChoices elastic(choices);
  int64_t begin = 0;
  const auto add = [&](const ShrinkingPhase& phase) {
    for (const Opening& opening : phase.open) elastic.open(opening);
    const int64_t end = begin + phase.epochs * steps_per_epoch;
    phases_.push_back({phase, elastic, begin, end});
    begin = end;
  };
  add(options.largest);
  for (const ShrinkingPhase& phase : options.phases) add(phase);
}

size_t ShrinkingSchedule::phase_of(int64_t step) const {
  size_t phase = 0;
  while (phase + 1 < phases_.size() && step >= phases_[phase].end) ++phase;
  return phase;
}

bool ShrinkingSchedule::starts_phase(int64_t step) const {
  return step == phases_[phase_of(step)].begin;
}

double ShrinkingSchedule::learning_rate(int64_t step) const {
  const Phase& phase = phases_[phase_of(step)];
  TrainConfig config;
  config.epochs = phase.options.epochs;
  config.warmup_epochs = phase.options.warmup_epochs;
  config.learning_rate = phase.options.learning_rate;
  return learning_rate_at(config, step - phase.begin, steps_per_epoch_);
}

std::vector<Point> ShrinkingSchedule::networks(int64_t step, uint64_t seed) const {
  const size_t index = phase_of(step);
  const Phase& phase = phases_[index];
  if (index == 0) return {phase.elastic.largest()};
  std::vector<Point> points;
  if (sandwich_) points = {phase.elastic.largest(), phase.elastic.smallest()};
  RandomStream random(seed, "once_for_all.networks", static_cast<uint64_t>(step));
  for (int64_t i = 0; i < phase.options.networks; ++i) {
    points.push_back(phase.elastic.random(random));
  }
  return points;
}

}  // namespace nas
