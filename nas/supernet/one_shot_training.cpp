#include "nas/supernet/one_shot_training.hpp"

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/supernet/path_sampling.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

ExampleBatches batches_of(const OneShotSetting& setting, const TrainingData& data) {
  if (data.train.size() < 2) throw UsageError("training data: found fewer than two examples");
  return {data,
          all_examples(data.train),
          {setting.config.training.batch_size, setting.config.training.augment,
           derive_seed(setting.seed, "one_shot.order", 0),
           derive_seed(setting.seed, "one_shot.augment", 0)}};
}

}  // namespace

OneShotTraining::OneShotTraining(const OneShotSetting& setting, const Space& space,
                                 const TrainingData& data)
    : setting_(setting),
      space_(space),
      batches_(batches_of(setting, data)),
      training_({setting.config.training, setting.seed, setting.device, batches_.steps_per_pass()},
                space) {
  points();  // refuses what it cannot sample
}

std::vector<Point> OneShotTraining::points() const {
  RandomStream random(setting_.seed, "one_shot.points", static_cast<uint64_t>(steps_done()));
  return sampled_points(space_.choices(), setting_.config.sampling, random);
}

void OneShotTraining::step() { training_.step(points(), batches_.at(steps_done())); }

Metrics OneShotTraining::finish_epoch() {
  Metrics metrics = training_.finish_epoch();
  history_.push_back(metrics);
  return metrics;
}

Checkpoint OneShotTraining::checkpoint() const {
  Checkpoint checkpoint = training_.checkpoint();
  checkpoint.state["history"] = history_;
  return checkpoint;
}

void OneShotTraining::restore(const Checkpoint& checkpoint) {
  if (!checkpoint.state.contains("history")) throw InputError("checkpoint lacks 'history'");
  training_.restore(checkpoint);
  history_ = checkpoint.state.at("history");
}

}  // namespace nas
