#include <algorithm>
#include <cmath>

#include "nas/core/random.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tools/starter_config.hpp"

namespace nas {
namespace {

// One core trains small convolutions at about this many multiply-adds of forward passes a second,
// the backward passes included: half of what a processor with AVX-512 reached (photographs of 32x32
// pixels: 8 trials of 20 epochs over 230 of them in 48 s).
constexpr double kForwardsPerSecond = 1e10;
constexpr double kTrialSeconds = 60;
constexpr double kEpochSeconds = 15;
constexpr double kStepSeconds = 3e-3;  // what each step takes whatever its size
constexpr double kFitShare = 0.64;     // of all examples, where test and validation are held out

double mean_multiply_adds(const TaskShape& task) {
  NasBench201Options options;
  options.channels = kStarterChannels;
  options.cells_per_stage = 1;
  const auto space = make_nas_bench_201(options, task);
  constexpr uint64_t kPoints = 16;
  double sum = 0;
  for (uint64_t i = 0; i < kPoints; ++i) {
    RandomStream random(0, "starter.cost", i);
    const auto plan = space->network(sample(space->choices(), random));
    sum += static_cast<double>(cost(*plan, task.input).multiply_adds);
  }
  return sum / static_cast<double>(kPoints);
}

/// Seconds of an epoch over `examples`.
double epoch_seconds(double examples, double multiply_adds, int64_t batch_size) {
  return examples * kFitShare *
         (multiply_adds / kForwardsPerSecond + kStepSeconds / static_cast<double>(batch_size));
}

int64_t rounded(double value) {
  const double unit = value >= 10'000 ? 1000 : value >= 1000 ? 500 : 100;
  return std::max<int64_t>(1, static_cast<int64_t>(std::floor(value / unit) * unit));
}

}  // namespace

StarterSize starter_size(const DataSurvey& survey, int64_t cores) {
  StarterSize size;
  const double multiply_adds = survey.pictures() ? mean_multiply_adds(survey.task) : 1e5;
  auto examples = static_cast<double>(survey.examples());
  size.batch_size = examples < 1000 ? 16 : examples < 4000 ? 32 : 64;
  const double whole = epoch_seconds(examples, multiply_adds, size.batch_size);
  if (survey.pictures() && whole > kEpochSeconds) {
    const double affordable = std::max(1000.0, examples * kEpochSeconds / whole);
    if (affordable < examples) size.limit = rounded(affordable);
    if (size.limit > 0) examples = static_cast<double>(size.limit);
  }
  const double epoch = epoch_seconds(examples, multiply_adds, size.batch_size);
  // Few examples make few steps: then more epochs.
  const double steps = std::max(1.0, examples * kFitShare / static_cast<double>(size.batch_size));
  const double least = survey.pictures() ? std::clamp(300 / steps, 6.0, 20.0) : 30;
  size.epochs =
      std::max<int64_t>(3, std::llround(std::min(least, std::ceil(kTrialSeconds / epoch))));
  size.retrain_epochs = survey.pictures() ? 4 * size.epochs : size.epochs;
  const double retraining = epoch * 1.25 * static_cast<double>(size.retrain_epochs);
  size.seeds = retraining > kTrialSeconds ? 1 : 3;
  const double work = epoch * static_cast<double>(size.epochs * size.trials) +
                      retraining * static_cast<double>(size.seeds);
  size.seconds = work / static_cast<double>(std::max<int64_t>(1, cores)) + 10;
  return size;
}

}  // namespace nas
