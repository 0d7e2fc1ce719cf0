#include <fmt/core.h>

#include <optional>

#include "nas/core/error.hpp"
#include "nas/data/reader.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/compression.hpp"
#include "nas/search/sampling.hpp"
#include "tools/assemble.hpp"
#include "tools/check_metrics.hpp"

namespace nas {
namespace {

/// A differentiable search finds what it mixes.
void check_supernet(const Experiment& experiment) {
  constexpr int64_t kCells = 5;  // p_darts has supernets of several depths
  const bool progressive = experiment.controller.type == "p_darts";
  const auto space = experiment.make_space();
  if (progressive ? space->supernet_of(kCells) : space->supernet()) return;
  throw ConfigError(
      {fmt::format("controller: {} needs a space with a supernet{}, and space '{}' has none",
                   experiment.controller.type, progressive ? " of any number of cells" : "",
                   experiment.space.type)});
}

/// Some of the networks fit the data; where all fail the configuration is wrong, not the
/// candidates.
void check_networks(const Space& space) {
  std::optional<ConfigError> problem;
  for (uint64_t i = 0; i < 16; ++i) {
    RandomStream random(0, "networks.check", i);
    const Point point = sample(space.choices(), random);
    try {
      return check_network(space, point);
    } catch (const ConfigError& error) {
      problem = error;
    }
  }
  throw ConfigError(*problem);
}

/// Metrics of test data come after the search, of retrained networks alone; those of validation
/// data take such data.
void check_objectives(const Experiment& experiment) {
  const bool validates =
      experiment.config.data.validation > 0 || experiment.training.decision.validation_folds > 0;
  for (const auto& objective : experiment.config.objectives) {
    if (objective.metric.starts_with("test_")) {
      throw ConfigError(
          {fmt::format("objectives: found {}, but test data are read once, after the "
                       "search; expected one like validation_accuracy",
                       objective.metric)});
    }
    if (!validates && objective.metric.starts_with("validation_")) {
      throw ConfigError({fmt::format(
          "objectives: found {}, but data.validation is 0; expected a share above 0, or "
          "evaluator.validation_folds",
          objective.metric)});
    }
  }
}

/// Points to be trained describe networks, and set only what the training has.
void check_points(const Experiment& experiment) {
  const bool cools = experiment.cools();
  const bool searched = experiment.evaluator.type == "train";
  const auto made = experiment.make_space();
  RandomStream first(0, "settings.check");
  if (!cools && !made->network(sample(made->choices(), first))) {
    throw ConfigError(
        {fmt::format("{}: trains networks, and the points of space '{}' describe none",
                     searched ? "evaluator" : "stages.retrain", experiment.space.type)});
  }
  for (uint64_t i = 0; i < 16; ++i) {  // conditions make points differ in what they name
    RandomStream random(0, "settings.check", i);
    const Point point = sample(made->choices(), random);
    const Settings settings = cools ? made->settings(point) : training_settings(*made, point);
    try {
      if (cools) {
        with_settings(experiment.cooling.ppo, settings);
      } else {
        with_settings(searched ? experiment.training : experiment.retrain->training, settings);
      }
    } catch (const InputError& error) {
      throw ConfigError(
          {std::string("space: a parameter is no option of the training: ") + error.what()});
    }
  }
}

}  // namespace

void check_network(const Space& space, const Point& point) {
  const Shape input = space.task().input;
  try {
    if (const auto network = space.network(point)) cost(*network, input);
  } catch (const InputError& error) {
    throw ConfigError({fmt::format(
        "space: found an input of {}, which the network does not fit: {}; sizes fit that are even "
        "wherever they are halved (data.image_size; data.audio.mels and seconds)",
        to_text(input), error.what())});
  }
}

void Experiment::check_settings() const {
  if (evaluator.type == "outside") {
    throw ConfigError(
        {"evaluator: type: found outside, which scores nothing here; nas ask and nas tell go on "
         "with it, nas run wants another one"});
  }
  if (evaluator.type == "one_shot" && !make_space()->shared_network()) {
    throw ConfigError({"evaluator: type: found one_shot, but the points of space '" + space.type +
                       "' share no weights"});
  }
  if (exports && !retrain && evaluator.type != "train") {
    throw ConfigError({"stages.export: nothing trains the best network; add stages.retrain"});
  }
  if (quantization && !retrain) {
    throw ConfigError({"stages.quantize: tests the best network; add stages.retrain"});
  }
  if (prune && compresses(*make_space())) {
    throw ConfigError(
        {"stages.prune: found beside a space of type compression, expected one of the two"});
  }
  if (cools() && (prune || quantization)) {
    throw ConfigError({fmt::format("stages: {}", kPoliciesSeeNoPictures)});
  }
  if (retrain && !cools() && !has_test_examples(config.data)) {
    throw ConfigError(
        {"data.test: found 0, but stages.retrain tests what it trains; expected a share above 0, "
         "or a data set with a test split of its own"});
  }
  if (evaluator.type == "train") check_objectives(*this);
  if (search_together) check_supernet(*this);
  if (evaluator.type == "train" || cools() || retrain) check_points(*this);
  check_networks(*make_space());
  check_networks(*make_retrain_space());
  check_metrics(*this);
}

}  // namespace nas
