#include "nas/core/error.hpp"
#include "nas/train/train_config.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("Settings of a point replace options of the training and leave the others") {
  TrainConfig config;
  config.epochs = 3;
  const TrainConfig set = with_settings(config, {{"learning_rate", "0.025"},
                                                 {"optimizer", "adamw"},
                                                 {"weight_decay", "1e-2"},
                                                 {"batch_size", "32"}});
  CHECK(set.learning_rate == 0.025);
  CHECK(set.optimizer.kind == OptimizerKind::adamw);
  CHECK(set.optimizer.weight_decay == 0.01);
  CHECK(set.batch_size == 32);
  CHECK(set.epochs == 3);
}

TEST_CASE("A setting that the training does not have or take is an error that names it") {
  CHECK_THROWS_AS(with_settings(TrainConfig(), {{"learning_rat", "1"}}), InputError);
  CHECK_THROWS_WITH(with_settings(TrainConfig(), {{"batch_size", "-1"}}),
                    ContainsSubstring("batch_size"));
}

}  // namespace
}  // namespace nas
