#include "nas/compress/prune_config.hpp"

#include "nas/config/manual.hpp"
#include "nas/config/section.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/json.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

PruneConfig read(const std::string& text) {
  PruneConfig config;
  TrainConfig training;
  training.epochs = 9;
  training.learning_rate = 0.2;
  training.warmup_epochs = 8;
  config.fine_tuning = fine_tuning_of(training);
  read_config_text(text, "test", {}, [&](Section& section) { describe(section, config); });
  return config;
}

}  // namespace

TEST_CASE("A fine-tuning is shorter and gentler than the training before it") {
  const PruneConfig config = read("{}");
  CHECK(config.fine_tuning.training.epochs == 4);
  CHECK(config.fine_tuning.training.learning_rate == Approx(0.02));
  CHECK(config.fine_tuning.training.warmup_epochs == 0);
  CHECK(config.multiply_adds == 0.5);
}

TEST_CASE("A share of the parameters alone limits no multiply-adds") {
  const PruneConfig config = read("{parameters: 0.3, criterion: batch_norm, epochs: 3}");
  CHECK(config.multiply_adds == 1);
  CHECK(config.parameters == 0.3);
  CHECK(config.criterion == PruneCriterion::batch_norm);
  CHECK(config.fine_tuning.training.epochs == 3);
  CHECK(read("{parameters: 0.3, multiply_adds: 0.4}").multiply_adds == 0.4);
}

TEST_CASE("A limit of bytes alone limits no multiply-adds") {
  const PruneConfig config = read("{weight_bytes: 6K}");
  CHECK(config.weight_bytes == 6000);
  CHECK(config.multiply_adds == 1);
}

TEST_CASE("The manual tells the half that is left where nothing else is said") {
  const Json keys = manual([](Section& section) {
    PruneConfig config;
    describe(section, config);
  });
  CHECK(keys["multiply_adds"]["default"] == 0.5);
}

TEST_CASE("A pruning that removes nothing or by no known criterion is a mistake") {
  CHECK_THROWS_WITH(read("{multiply_adds: 1}"), ContainsSubstring("both 1"));
  CHECK_THROWS_WITH(read("{criterion: size}"), ContainsSubstring("magnitude"));
  CHECK_THROWS_WITH(read("{multiply_adds: 1.5}"), ContainsSubstring("multiply_adds"));
}

}  // namespace nas
