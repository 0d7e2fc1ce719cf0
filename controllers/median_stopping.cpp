#include "controllers/median_stopping.hpp"

#include "controllers/earlier_curves.hpp"

namespace nas {
namespace {

class MedianStopping : public StoppingRule {
 public:
  MedianStopping(const MedianStoppingOptions& options, const Objective& objective)
      : options_(options), objective_(compared(options, objective)), earlier_(objective_.metric) {}

  const std::string& metric() const override { return objective_.metric; }

  void tell(const Trial& trial, const LearningCurve& curve) override {
    earlier_.tell(trial, curve);
  }

  std::optional<Cutoffs> cutoffs(Job job) const override {
    if (static_cast<int64_t>(earlier_.size(job)) < options_.startup_trials) return std::nullopt;
    return cutoffs_at(earlier_.running_means(job), 0.5, options_, objective_);
  }

 private:
  MedianStoppingOptions options_;
  Objective objective_;
  EarlierCurves earlier_;
};

}  // namespace

std::unique_ptr<StoppingRule> make_median_stopping(const MedianStoppingOptions& options,
                                                   const Objective& objective) {
  return std::make_unique<MedianStopping>(options, objective);
}

}  // namespace nas
