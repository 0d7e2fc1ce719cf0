#pragma once

#include <cstdint>
#include <memory>

#include "nas/supernet/darts_search.hpp"

namespace nas {

/// A DartsSearch, or the stages of a progressive one after another: each goes on with the most
/// probable operations of the one before, and with weights of its own or with those, made wider.
class StagedSearch {
 public:
  /// References outlive this. Throws UsageError where the space has no such supernet.
  StagedSearch(const DartsSetting& setting, const Space& space, const TrainingData& data);

  bool done() const { return stage_ + 1 == stages_.size() && current_->done(); }
  bool at_epoch_end() const { return current_->at_epoch_end(); }
  /// Over all stages.
  int64_t steps_done() const { return earlier_steps_ + current_->steps_done(); }
  int64_t epochs_done() const;
  int64_t epochs() const;

  void step() { current_->step(); }
  const std::string& not_recorded() const { return current_->not_recorded(); }
  bool finite() const { return current_->finite(); }
  /// After the last step of an epoch; after the last epoch of a stage goes on to the next.
  Metrics finish_epoch();

  Point derived() const { return current_->derived(); }
  Metrics metrics() const { return current_->metrics(); }
  /// As architecture.json holds it.
  Json history() const;

  /// Tensors share storage with the search.
  Checkpoint checkpoint() const;
  /// Throws InputError where the checkpoint is of another search.
  void restore(const Checkpoint& checkpoint);

 private:
  void start(size_t stage, KeptOptions kept);
  bool widens() const { return setting_.options.stage_start == StageStart::widened; }

  DartsSetting setting_;
  const Space& space_;
  const TrainingData& data_;
  std::vector<SearchStage> stages_;
  size_t stage_ = 0;
  std::unique_ptr<DartsSearch> current_;
  KeptOptions kept_;
  int64_t earlier_steps_ = 0;
  Json earlier_ = Json::array();  // records of the stages before
};

}  // namespace nas
