#pragma once

#include <map>
#include <memory>

#include "nas/evaluate/context.hpp"
#include "nas/evaluate/retrain_evaluator.hpp"
#include "nas/search/evaluator.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// The evaluators of an experiment, each made when its first job comes. References outlive it.
class JobEvaluators {
 public:
  JobEvaluators(const Experiment& experiment, const TensorParts& parts,
                std::function<void(const std::string&)> warn);

  /// Networks are retrained, and supernets trained, by several processes together from now on;
  /// `team` outlives this.
  void train_with(Team& team) { team_ = context_.team = &team; }

  Evaluator& operator()(Job job);

 private:
  std::unique_ptr<Evaluator> make(Job job) const;

  const Experiment& experiment_;
  const TensorParts& parts_;
  std::unique_ptr<Space> space_;
  std::unique_ptr<Space> retrain_space_;
  EvaluatorContext context_;
  EvaluatorContext retrain_context_;
  Team* team_ = nullptr;
  std::map<Job, std::unique_ptr<Evaluator>> made_;
};

}  // namespace nas
