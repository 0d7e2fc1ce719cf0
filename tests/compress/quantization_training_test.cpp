#include "nas/compress/quantization_training.hpp"

#include <cmath>

#include "nas/evaluate/network_outputs.hpp"
#include "nas/export/fold.hpp"
#include "nas/quantize/integer_run.hpp"
#include "nas/torch/torch.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/crashing_monitor.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

/// A network with random weights, in int8 with grids that are far too coarse.
struct Scene {
  FineTuneConfig config;
  CheckpointConfig checkpoints;
  TrainingData data = load_for_retraining(test::some_digits(300), kCpu);
  NetworkPlan plan = test::small_plan();
  Weights weights = random_weights(plan, 3);
  TrainedNetwork folded =
      with_folded_batch_norms(inference_network(plan, data.task.input, weights));
  QuantizedNetwork start = quantized(
      folded, value_grids(folded.plan, std::vector<Range>(folded.plan.nodes.size(), {-20, 20})));
  test::ScratchFolder scratch;

  Scene() {
    config.training.epochs = 20;
    config.training.batch_size = 50;
    config.training.learning_rate = 0.1;
    config.distillation.weight = 0.1;
    checkpoints.steps = 2;
  }

  TrainedQuantization train_in(const char* name, Monitor& monitor) const {
    return train_quantized({config, checkpoints, data, start, plan, weights, 5, kCpu,
                            scratch.path() / name, "test", [](const std::string&) {}},
                           monitor);
  }
  TrainedQuantization train_in(const char* name) const {
    test::CrashingAfter monitor(1000);
    return train_in(name, monitor);
  }

  QuantizedNetwork network_of(const TrainedQuantization& trained) const {
    return quantized(inference_network(folded.plan, folded.input, trained.weights), trained.grids);
  }

  /// Examples that a network in whole numbers gets right, of the first 200.
  int64_t hits(const QuantizedNetwork& network) const {
    const torch::Tensor chosen = torch::arange(200);
    const torch::Tensor images = normalized(data.train, chosen, data.normalization)
                                     .contiguous(torch::MemoryFormat::Contiguous);
    const std::vector<float> inputs(images.const_data_ptr<float>(),
                                    images.const_data_ptr<float>() + images.numel());
    const auto outputs = integer_outputs(integer_network(network), inputs);
    const torch::Tensor classes = torch::tensor(outputs).reshape({200, -1}).argmax(1);
    return (classes == data.train.labels.narrow(0, 0, 200)).sum().item<int64_t>();
  }
};

bool same(const TrainedQuantization& a, const TrainedQuantization& b) {
  if (a.grids != b.grids || a.weights.size() != b.weights.size()) return false;
  for (const auto& [name, tensor] : a.weights) {
    if (b.weights.at(name).values != tensor.values) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a training for int8 makes the network in whole numbers better", "[compress]") {
  const Scene scene;
  const TrainedQuantization trained = scene.train_in("here");
  CAPTURE(scene.hits(scene.network_of(trained)));
  REQUIRE(scene.hits(scene.network_of(trained)) > scene.hits(scene.start) + 40);
}

TEST_CASE("a training for int8 learns the steps of values", "[compress]") {
  const Scene scene;
  const TrainedQuantization trained = scene.train_in("here");
  size_t changed = 0;
  for (size_t i = 0; i < trained.grids.size(); ++i) {
    REQUIRE(trained.grids[i].zero == scene.start.grids[i].zero);
    changed += trained.grids[i].scale != scene.start.grids[i].scale ? 1 : 0;
  }
  REQUIRE(changed > trained.grids.size() / 2);
  // What a ReLU alone reads still lies on the ReLU's grid.
  REQUIRE(cut_by_relu(scene.network_of(trained)) == cut_by_relu(scene.start));
}

TEST_CASE("a training for int8 that is killed ends as one that was left alone", "[compress]") {
  const Scene scene;
  const TrainedQuantization alone = scene.train_in("alone");
  for (const int64_t after : {1, 2}) {
    test::CrashingAfter monitor(after);
    REQUIRE_THROWS_AS(scene.train_in("killed", monitor), test::Crash);
  }
  REQUIRE(same(scene.train_in("killed"), alone));
}

}  // namespace nas
