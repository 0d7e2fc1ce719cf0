#include "controllers/percentile_stopping.hpp"

#include "controllers/earlier_curves.hpp"
#include "nas/config/section.hpp"

namespace nas {
namespace {

class PercentileStopping : public StoppingRule {
 public:
  PercentileStopping(const PercentileStoppingOptions& options, const Objective& objective)
      : options_(options), objective_(compared(options, objective)), earlier_(objective_.metric) {}

  const std::string& metric() const override { return objective_.metric; }

  void tell(const Trial& trial, const LearningCurve& curve) override {
    earlier_.tell(trial, curve);
  }

  std::optional<Cutoffs> cutoffs(Job job) const override {
    if (static_cast<int64_t>(earlier_.size(job)) < options_.startup_trials) return std::nullopt;
    return cutoffs_at(earlier_.values(job), 1 - options_.percentile / 100, options_, objective_);
  }

 private:
  PercentileStoppingOptions options_;
  Objective objective_;
  EarlierCurves earlier_;
};

}  // namespace

void describe(Section& section, PercentileStoppingOptions& options) {
  describe(section, static_cast<StoppingOptions&>(options));
  section.real("percentile", options.percentile, {0, 100, "%"},
               "of the trials, the best, go on; 50: the better half");
}

std::unique_ptr<StoppingRule> make_percentile_stopping(const PercentileStoppingOptions& options,
                                                       const Objective& objective) {
  return std::make_unique<PercentileStopping>(options, objective);
}

}  // namespace nas
