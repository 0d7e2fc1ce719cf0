#include "nas/reinforce/cooling_evaluator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nas/cooling/assessment.hpp"
#include "nas/cooling/fixed_set_points.hpp"
#include "nas/cooling/trim_respond.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/stop.hpp"
#include "nas/evaluate/training_run.hpp"
#include "nas/reinforce/policy_controller.hpp"
#include "nas/reinforce/ppo_training.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

/// Weeks to learn in and weeks to be scored in, with what the metrics of the latter begin with.
struct Weeks {
  std::string prefix;
  std::vector<TimeWindow> learn;
  std::vector<TimeWindow> score;
};

Weeks search_weeks(const CoolingOptions& options, const Traces& traces) {
  return {"validation_", weeks_of(options.train, traces), weeks_of(options.validation, traces)};
}

Weeks test_weeks(const CoolingOptions& options, const Traces& traces) {
  Weeks weeks{"test_", weeks_of(options.train, traces), weeks_of(options.test, traces)};
  const auto more = weeks_of(options.validation, traces);
  weeks.learn.insert(weeks.learn.end(), more.begin(), more.end());
  return weeks;
}

/// Iterations count from 1.
LearningCurve curve_of(const Json& history) {
  LearningCurve curve;
  for (const Json& metrics : history) {
    curve.push_back({static_cast<int64_t>(curve.size()) + 1, metrics.get<Metrics>()});
  }
  return curve;
}

/// All that a reader needs to use the weights.
Json weights_metadata(const Space& space, const Point& point) {
  std::vector<double> mean;
  std::vector<double> deviation;
  for (const auto& scale : kObservationScale) {
    mean.push_back(scale.mean);
    deviation.push_back(scale.deviation);
  }
  const Json outputs = {"supply_air", "chilled_water", "condenser_water", "room_fans", "value"};
  return {{"space", space.name()},
          {"arch", space.text(point)},
          {"input", to_text(cooling_task().input)},
          {"classes", outputs},
          {"mean", mean},
          {"deviation", deviation}};
}

class CoolingEvaluator final : public Evaluator {
 public:
  CoolingEvaluator(const CoolingOptions& options, const EvaluatorContext& context,
                   Weeks (*weeks)(const CoolingOptions&, const Traces&))
      : options_(options),
        context_(context),
        traces_(read_traces(options.traces, sites_of(options))),
        weeks_(weeks(options_, traces_)) {
    FixedSetPoints fixed;
    TrimRespond trim_respond;
    fixed_ = assess(hall_, traces_, weeks_.score, fixed);
    trim_respond_ = assess(hall_, traces_, weeks_.score, trim_respond);
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    try {
      return with_failures([&] { return learn(assignment, monitor); });
    } catch (const InputError& error) {
      return Failure{"error", error.what()};
    }
  }

 private:
  Outcome learn(const Assignment& assignment, Monitor& monitor);
  std::optional<Failure> iterate(PpoTraining& training, int64_t iterations,
                                 const Assignment& assignment, Monitor& monitor) const;
  PpoConfig with_point(const Assignment& assignment) const;
  std::string identity_of(const PpoConfig& config, const Point& point) const;
  Metrics score(Policy& policy) const;
  void save(PpoTraining& training, int64_t iterations, const Assignment& assignment) const;

  CoolingOptions options_;
  EvaluatorContext context_;
  Hall hall_;
  Traces traces_;
  Weeks weeks_;
  Assessment fixed_;
  Assessment trim_respond_;
};

/// The configuration with what the point says of the learning; the number of iterations is that of
/// the stage where it gives one.
PpoConfig CoolingEvaluator::with_point(const Assignment& assignment) const {
  Settings settings = context_.space.settings(*assignment.point);
  if (assignment.budget > 0 || assignment.job == Job::retrain) {
    std::erase_if(settings, [](const auto& entry) { return entry.first == "iterations"; });
  }
  return with_settings(options_.ppo, settings);
}

std::string CoolingEvaluator::identity_of(const PpoConfig& config, const Point& point) const {
  std::string windows;
  for (const auto& window : weeks_.learn) {
    windows += fmt::format("{} {}\n", traces_.sites[window.site].site, window.first);
  }
  return sha256(fmt::format("{}\n{}\n{}\n{}", context_.space.name(), context_.space.text(point),
                            to_text(config), windows));
}

Metrics CoolingEvaluator::score(Policy& policy) const {
  PolicyController controller(policy);
  const Assessment found = assess(hall_, traces_, weeks_.score, controller);
  const double energy = found.cooling_energy();
  const double over = std::max(0.0, found.minutes_outside - trim_respond_.minutes_outside);
  const double saved = saving(energy, trim_respond_.cooling_energy());
  const Metrics named{{"cooling_energy", energy},
                      {"saving", saved},
                      {"saving_over_fixed", saving(energy, fixed_.cooling_energy())},
                      {"minutes_outside", found.minutes_outside},
                      {"minutes_over", over},
                      {"score", saved - over}};
  Metrics metrics;
  for (const auto& [name, value] : named) metrics[weeks_.prefix + name] = value;
  return metrics;
}

std::optional<Failure> CoolingEvaluator::iterate(PpoTraining& training, int64_t iterations,
                                                 const Assignment& assignment,
                                                 Monitor& monitor) const {
  CheckpointClock clock(context_.execution.checkpoint);
  while (training.iterations_done() < iterations) {
    training.iterate();
    if (!training.finite()) return diverged();
    const int64_t done = training.iterations_done();
    const Advice advice = monitor.report({done, iterations, "iteration", training.metrics()});
    if (advice == Advice::stop) return std::nullopt;
    const bool stop = stop_requested();
    if (clock.due() || stop) save_checkpoint(assignment.folder, done, training.checkpoint());
    if (stop) throw Interrupted();
  }
  return std::nullopt;
}

void CoolingEvaluator::save(PpoTraining& training, int64_t iterations,
                            const Assignment& assignment) const {
  save_safetensors(assignment.folder / "weights.safetensors", training.policy().network_state(),
                   weights_metadata(context_.space, *assignment.point));
  write_file_atomically(assignment.folder / "learning_curve.json", training.history().dump());
  // A promotion goes on from here; what it would do from scratch is the same.
  const int64_t done = training.iterations_done();
  if (done < iterations) {
    save_checkpoint(assignment.folder, done, training.checkpoint());
  } else {
    remove_checkpoints(assignment.folder);
  }
}

Outcome CoolingEvaluator::learn(const Assignment& assignment, Monitor& monitor) {
  const PpoConfig config = with_point(assignment);
  const auto plan = context_.space.network(*assignment.point);
  if (!plan) throw UsageError("space " + std::string(context_.space.name()) + ": has no networks");
  std::filesystem::create_directories(assignment.folder);
  Episodes episodes(hall_, traces_, weeks_.learn,
                    {config.environments, config.steps, config.margin, assignment.seed});
  PpoTraining training({config, assignment.seed, identity_of(config, *assignment.point)}, *plan,
                       episodes);
  if (const auto saved = load_checkpoint(assignment.folder, context_.warn)) {
    training.restore(*saved);
    monitor.recall(curve_of(training.history()));
  }
  const int64_t iterations = last_epoch(assignment, config.iterations);
  if (auto failure = iterate(training, iterations, assignment, monitor)) return *failure;
  Metrics metrics = training.metrics();
  metrics.merge(score(training.policy()));
  if (!all_finite(metrics)) return diverged();
  save(training, config.iterations, assignment);
  return Score{metrics, std::nullopt};
}

}  // namespace

std::unique_ptr<Evaluator> make_cooling_evaluator(const CoolingOptions& options,
                                                  const EvaluatorContext& context) {
  return std::make_unique<CoolingEvaluator>(options, context, &search_weeks);
}

std::unique_ptr<Evaluator> make_cooling_test(const CoolingOptions& options,
                                             const EvaluatorContext& context) {
  return std::make_unique<CoolingEvaluator>(options, context, &test_weeks);
}

}  // namespace nas
