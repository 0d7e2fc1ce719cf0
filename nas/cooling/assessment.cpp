#include "nas/cooling/assessment.hpp"

#include <numeric>

namespace nas {
namespace {

constexpr double kJoulesPerKilowattHour = 3.6e6;

double sum(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

void count(const Simulator& simulator, Assessment& assessment) {
  for (size_t k = 0; k < kConsumers; ++k) {
    assessment.energy[k] +=
        sum(simulator.energy(static_cast<Consumer>(k))) / kJoulesPerKilowattHour;
  }
  assessment.minutes_outside += sum(simulator.reading(Reading::minutes_outside));
  assessment.hours += static_cast<double>(simulator.environments()) * kStepSeconds / 3600;
}

}  // namespace

double Assessment::cooling_energy() const {
  return sum(energy) - energy[static_cast<size_t>(Consumer::servers)];
}

double saving(double energy, double baseline) { return 100 * (1 - energy / baseline); }

Assessment assess(const Hall& hall, const Traces& traces, std::span<const TimeWindow> windows,
                  CoolingController& controller) {
  const auto environments = static_cast<int64_t>(windows.size());
  Simulator simulator(hall, environments);
  Levers levers = conventional_levers(environments);
  Forcing forcing;
  Assessment assessment;
  for (int64_t step = 0; step < windows.front().steps; ++step) {
    forcing_at(traces, windows, step, forcing);
    controller.act({simulator, forcing, step}, levers);
    simulator.step(forcing, levers);
    if (step >= kSettlingSteps) count(simulator, assessment);
  }
  return assessment;
}

}  // namespace nas
