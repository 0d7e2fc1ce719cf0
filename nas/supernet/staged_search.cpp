#include "nas/supernet/staged_search.hpp"

#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/supernet/architecture_record.hpp"

namespace nas {

StagedSearch::StagedSearch(const DartsSetting& setting, const Space& space,
                           const TrainingData& data)
    : setting_(setting), space_(space), data_(data), stages_(setting.options.stages) {
  if (stages_.empty()) stages_.emplace_back();
  start(0, {});
}

void StagedSearch::start(size_t stage, KeptOptions kept) {
  DartsSetting setting = setting_;
  setting.stage = stages_[stage];
  setting.kept = kept;
  if (stage > 0) setting.seed = derive_seed(setting_.seed, "supernet.stage", stage);
  if (widens()) {
    setting.epochs_before = static_cast<int64_t>(stage) * setting.options.epochs;
    setting.epochs_in_all = static_cast<int64_t>(stages_.size()) * setting.options.epochs;
  }
  current_ = std::make_unique<DartsSearch>(setting, space_, data_);
  stage_ = stage;
  kept_ = std::move(kept);
}

int64_t StagedSearch::epochs_done() const {
  return static_cast<int64_t>(earlier_.size()) + current_->epochs_done();
}

int64_t StagedSearch::epochs() const {
  return static_cast<int64_t>(stages_.size() - stage_) * current_->epochs() +
         static_cast<int64_t>(earlier_.size());
}

Metrics StagedSearch::finish_epoch() {
  const Metrics metrics = current_->finish_epoch();
  if (!current_->done() || stage_ + 1 == stages_.size()) return metrics;
  for (const Json& record : current_->records()) earlier_.push_back(record);
  earlier_steps_ += current_->steps_done();
  const std::unique_ptr<DartsSearch> before = std::move(current_);
  start(stage_ + 1, strongest_options(before->probabilities(), before->groups(),
                                      stages_[stage_ + 1].operations));
  if (widens()) current_->go_on_from(*before);
  return metrics;
}

Json StagedSearch::history() const {
  Json records = earlier_;
  for (const Json& record : current_->records()) records.push_back(record);
  for (size_t i = 0; i < records.size(); ++i) records[i]["epoch"] = i + 1;
  return architecture_history(current_->groups(), records);
}

Checkpoint StagedSearch::checkpoint() const {
  Checkpoint checkpoint = current_->checkpoint();
  checkpoint.state["stage"] = stage_;
  checkpoint.state["kept"] = kept_;
  checkpoint.state["earlier_steps"] = earlier_steps_;
  checkpoint.state["earlier"] = earlier_;
  return checkpoint;
}

void StagedSearch::restore(const Checkpoint& checkpoint) {
  const auto stage = checkpoint.state.at("stage").get<size_t>();
  if (stage >= stages_.size()) {
    throw InputError("checkpoint of another search: stage " + std::to_string(stage));
  }
  start(stage, checkpoint.state.at("kept").get<KeptOptions>());
  current_->restore(checkpoint);
  earlier_steps_ = checkpoint.state.at("earlier_steps").get<int64_t>();
  earlier_ = checkpoint.state.at("earlier");
}

}  // namespace nas
