#pragma once

#include <optional>
#include <string>

#include "nas/search/cutoffs.hpp"
#include "nas/search/objective.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// Says which trials are not worth going on with, from the curves of earlier ones. Its state is
/// what the trials told so far give again, so none is saved.
class StoppingRule {
 public:
  virtual ~StoppingRule() = default;

  /// What trials are compared by, of what they report on their way.
  virtual const std::string& metric() const = 0;
  /// A trial that ended, with its figures by step, those of the trials it goes on from among them.
  /// Called with the trials that the controller is told, in the same order.
  virtual void tell(const Trial& trial, const LearningCurve& curve) = 0;
  /// For a trial of this job proposed now; nothing while too little is known of such.
  virtual std::optional<Cutoffs> cutoffs(Job job) const = 0;
};

}  // namespace nas
