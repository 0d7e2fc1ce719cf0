#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nas/search/objective.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// The curves of one metric over the complete trials told so far; a promoted trial's takes the
/// place of the one that it goes on from.
class EarlierCurves {
 public:
  explicit EarlierCurves(std::string metric) : metric_(std::move(metric)) {}

  void tell(const Trial& trial, const LearningCurve& curve);
  /// Of trials of this job.
  size_t size(Job job) const { return of(job).size(); }

  /// By step, the values of all that reported the metric there, in trial order.
  std::map<int64_t, std::vector<double>> values(Job job) const;
  /// The same with the mean of each curve's values up to that step.
  std::map<int64_t, std::vector<double>> running_means(Job job) const;

 private:
  using Curves = std::map<int64_t, std::map<int64_t, double>>;  // by trial, by step

  const Curves& of(Job job) const;

  std::string metric_;
  std::map<Job, Curves> curves_;  // a supernet's are no measure for those of points
};

}  // namespace nas
