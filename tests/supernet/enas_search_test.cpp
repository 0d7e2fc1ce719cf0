#include "nas/supernet/enas_search.hpp"

#include "nas/core/error.hpp"
#include "nas/supernet/enas_evaluator.hpp"
#include "nas/supernet/shared_weights.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

EnasSetting setting() {
  EnasSetting setting;
  setting.options.training.epochs = 3;
  setting.options.training.batch_size = 16;
  setting.options.policy.batch = 3;
  setting.options.policy.hidden = 16;
  setting.options.policy.embedding = 8;
  setting.options.policy_steps = 4;
  setting.options.train_portion = 0.7;
  setting.options.candidates = 4;
  setting.options.recalibration_batches = 2;
  setting.seed = 6;
  return setting;
}

void run(EnasSearch& search, int64_t until) {
  while (search.steps_done() < until) {
    search.step();
    if (search.at_epoch_end()) search.finish_epoch();
  }
}

Checkpoint copied(const EnasSearch& search) {
  Checkpoint checkpoint = search.checkpoint();
  checkpoint.tensors = test::copied(checkpoint.tensors);
  return checkpoint;
}

class Silent final : public Monitor {
 public:
  Advice report(const Progress&) override { return Advice::go_on; }
};

}  // namespace

TEST_CASE("ENAS goes on bit for bit from any step of weights or policy", "[enas]") {
  const auto space = test::small_space();
  const TrainingData data = load_for_search(test::some_digits(150), torch::kCPU);
  EnasSearch undisturbed(setting(), *space, data);
  const int64_t all = undisturbed.steps_per_epoch() * 3;
  run(undisturbed, all);
  REQUIRE(undisturbed.done());
  REQUIRE(undisturbed.finite());
  REQUIRE(undisturbed.history().size() == 3);
  const int64_t weights = undisturbed.steps_per_epoch() - 4;
  for (const int64_t stop : {int64_t{2}, weights + 2, weights + 4, 2 * weights + 7}) {
    INFO("stopped after step " << stop);
    EnasSearch first(setting(), *space, data);
    run(first, stop);
    const Checkpoint saved = copied(first);
    EnasSearch second(setting(), *space, data);
    second.restore(saved);
    run(second, all);
    REQUIRE(test::identical(undisturbed.checkpoint().tensors, second.checkpoint().tensors));
    REQUIRE(undisturbed.checkpoint().state == second.checkpoint().state);
    REQUIRE(undisturbed.derived() == second.derived());
  }

  EnasSearch other(setting(), *space, data);
  const Json whole = undisturbed.checkpoint().state;
  for (const auto& [key, value] : whole.items()) {
    Checkpoint damaged = copied(undisturbed);
    damaged.state.erase(key);
    INFO(key);
    REQUIRE_THROWS_AS(other.restore(damaged), InputError);
  }
  for (const char* part :
       {"training.network.", "training.optimizer.", "policy.", "policy_optimizer."}) {
    Checkpoint damaged = copied(undisturbed);
    std::erase_if(damaged.tensors, [&](const auto& item) { return item.first.starts_with(part); });
    INFO(part);
    REQUIRE_THROWS_AS(other.restore(damaged), InputError);
  }
}

TEST_CASE("steps of the policy leave the shared weights and statistics alone", "[enas]") {
  const auto space = test::small_space();
  const TrainingData data = load_for_search(test::some_digits(150), torch::kCPU);
  EnasSearch search(setting(), *space, data);
  run(search, search.steps_per_epoch() - 4);
  const Checkpoint before = copied(search);
  run(search, search.steps_per_epoch() - 1);
  const auto part = [](const Checkpoint& all, const std::string& prefix) {
    NamedTensors found;
    for (const auto& item : all.tensors) {
      if (item.first.starts_with(prefix)) found.push_back(item);
    }
    REQUIRE_FALSE(found.empty());
    return found;
  };
  const Checkpoint after = search.checkpoint();
  REQUIRE(test::identical(part(before, "training."), part(after, "training.")));
  REQUIRE_FALSE(test::identical(part(before, "policy."), part(after, "policy.")));
}

TEST_CASE("the derived point is the candidate of best validation accuracy", "[enas]") {
  const auto space = test::small_space();
  const TrainingData data = load_for_search(test::some_digits(300), torch::kCPU);
  EnasSetting own = setting();
  EnasSearch search(own, *space, data);
  run(search, search.steps_per_epoch() * 3);
  const Checkpoint trained = copied(search);
  const SharedScore score({own.options.training, 2, own.split_seed}, *space, data);
  const auto accuracy_of = [&](int64_t candidates) {
    own.options.candidates = candidates;
    EnasSearch again(own, *space, data);
    again.restore(trained);
    return score(again.network(), again.derived()).at("validation_accuracy");
  };
  const double one = accuracy_of(1);
  const double many = accuracy_of(12);
  REQUIRE(many >= one);
  REQUIRE(many > 20);  // 10 by chance
}

TEST_CASE("the ENAS evaluator derives a point and leaves weights that score it", "[enas]") {
  const auto space = test::small_space();
  const DataConfig config = test::some_digits(150);
  ExecutionConfig execution;
  execution.device = "cpu";
  const EvaluatorContext context{*space, config, execution, [](const std::string&) {}};
  const Scratch scratch;
  const auto evaluator = make_enas_evaluator(setting().options, context);
  Silent monitor;
  const Assignment job{0, Job::supernet, std::nullopt, 2, 4, scratch / trial_folder_name(0)};
  const auto score = std::get<Score>(evaluator->evaluate(job, monitor));
  REQUIRE_NOTHROW(check(space->choices(), *score.derived));
  REQUIRE(score.metrics.contains("supernet_reward"));
  REQUIRE_FALSE(score.metrics.contains("validation_accuracy"));
  SharedNetwork network(*space->shared_network(), 0, torch::kCPU);
  const Assignment later{1, Job::evaluate, score.derived, 0, 4, scratch / trial_folder_name(1)};
  load_shared_weights(shared_weights_folder(later), network);
}

}  // namespace nas
