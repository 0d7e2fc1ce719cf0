#include "nas/run/spending.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

int64_t millionths(double units) { return std::llround(std::min(units, 1e12) * 1e6); }

}  // namespace

Spending::Spending(double total, Budget own) : total_(millionths(total)), own_(millionths(own)) {}

int64_t Spending::planned(const Trial& trial, Budget inherited) const {
  if (trial.budget > 0) return std::max<int64_t>(millionths(trial.budget - inherited), 0);
  return trial.job == Job::evaluate ? own_ : 0;
}

void Spending::proposed(const Trial& trial, Budget inherited) {
  spent_ += planned(trial, inherited);
}

void Spending::told(const Trial& trial, Budget inherited, const LearningCurve& curve) {
  if (trial.state != TrialState::stopped || curve.empty()) return;
  const double steps = static_cast<double>(curve.back().step) - inherited;
  const int64_t whole = planned(trial, inherited);
  spent_ -= whole - std::clamp<int64_t>(millionths(steps), 0, whole);
}

}  // namespace nas
