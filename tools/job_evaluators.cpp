#include "tools/job_evaluators.hpp"

#include "nas/core/error.hpp"
#include "nas/search/compression.hpp"

namespace nas {

JobEvaluators::JobEvaluators(const Experiment& experiment, const TensorParts& parts,
                             std::function<void(const std::string&)> warn)
    : experiment_(experiment),
      parts_(parts),
      space_(experiment.make_space()),
      retrain_space_(experiment.make_retrain_space()),
      context_{*space_, experiment.config.data, experiment.config.execution, warn},
      retrain_context_{*retrain_space_, experiment.config.data, experiment.config.execution, warn} {
}

Evaluator& JobEvaluators::operator()(Job job) {
  // What scores with shared weights trains them, too.
  if (job == Job::supernet && experiment_.shares_weights()) job = Job::evaluate;
  auto& evaluator = made_[job];
  if (!evaluator) evaluator = make(job);
  return *evaluator;
}

std::unique_ptr<Evaluator> JobEvaluators::make(Job job) const {
  switch (job) {
    case Job::evaluate:
      return experiment_.make_evaluator(context_, parts_);
    case Job::supernet:
      if (!experiment_.supernet) throw RunError("this controller trains no supernet");
      return experiment_.supernet(context_);
    case Job::screen:
      if (!experiment_.screen) throw RunError("this controller screens no points");
      return experiment_.make_screen(context_);
    case Job::retrain:
      if (!experiment_.retrain) throw RunError("this configuration has no stage retrain");
      if (experiment_.retrain_evaluator) return experiment_.retrain_evaluator(retrain_context_);
      if (compresses(*retrain_space_)) {
        if (team_ == nullptr) return experiment_.retrain_compressed(retrain_context_);
        throw UsageError("several processes make no network smaller: expected 1 process");
      }
      if (team_ != nullptr) {
        return make_retrain_evaluator(*experiment_.retrain, retrain_context_, *team_);
      }
      return parts_.retrain(experiment_.retrain->training, retrain_context_);
  }
  throw RunError("unknown job");
}

}  // namespace nas
