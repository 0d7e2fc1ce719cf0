#include "controllers/earlier_curves.hpp"

namespace nas {

void EarlierCurves::tell(const Trial& trial, const LearningCurve& curve) {
  if (trial.state != TrialState::complete) return;
  std::map<int64_t, double> values;
  for (const auto& [step, metrics] : curve) {
    const auto value = metrics.find(metric_);
    if (value != metrics.end()) values[step] = value->second;
  }
  if (values.empty()) return;
  Curves& curves = curves_[trial.job];
  if (trial.continues) curves.erase(*trial.continues);
  curves[trial.number] = std::move(values);
}

const EarlierCurves::Curves& EarlierCurves::of(Job job) const {
  static const Curves kNone;
  const auto found = curves_.find(job);
  return found == curves_.end() ? kNone : found->second;
}

std::map<int64_t, std::vector<double>> EarlierCurves::values(Job job) const {
  std::map<int64_t, std::vector<double>> by_step;
  for (const auto& [trial, curve] : of(job)) {
    for (const auto& [step, value] : curve) by_step[step].push_back(value);
  }
  return by_step;
}

std::map<int64_t, std::vector<double>> EarlierCurves::running_means(Job job) const {
  std::map<int64_t, std::vector<double>> by_step;
  for (const auto& [trial, curve] : of(job)) {
    double sum = 0;
    int64_t count = 0;
    for (const auto& [step, value] : curve) {
      sum += value;
      by_step[step].push_back(sum / static_cast<double>(++count));
    }
  }
  return by_step;
}

}  // namespace nas
