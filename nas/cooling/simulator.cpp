#include "nas/cooling/simulator.hpp"

#include <algorithm>

namespace nas {
namespace {

constexpr double kStartOutlet = 32;
constexpr double kStartInlet = 20;
constexpr double kStartBasin = 20;

template <size_t N>
std::array<double, N> gather(const std::array<std::vector<double>, N>& arrays, size_t at) {
  std::array<double, N> values;
  for (size_t i = 0; i < N; ++i) values[i] = arrays[i][at];
  return values;
}

template <size_t N>
void scatter(const std::array<double, N>& values, std::array<std::vector<double>, N>& arrays,
             size_t at) {
  for (size_t i = 0; i < N; ++i) arrays[i][at] = values[i];
}

}  // namespace

Simulator::Simulator(const Hall& hall, int64_t environments)
    : hall_(hall), environments_(environments) {
  reset();
}

void Simulator::reset() {
  const auto count = static_cast<size_t>(environments_);
  stores_.fill(std::vector<double>(count, kStartOutlet));
  stores_[kBasin].assign(count, kStartBasin);
  inlets_.fill(std::vector<double>(count, kStartInlet));
  readings_.fill(std::vector<double>(count, 0));
  energy_.fill(std::vector<double>(count, 0));
  rejected_.assign(count, 0);
}

void Simulator::step(const Forcing& forcing, const Levers& levers) {
  for (size_t i = 0; i < static_cast<size_t>(environments_); ++i) {
    HallState state{};
    state.stores = gather(stores_, i);
    state.inlets = gather(inlets_, i);
    state.dry_bulb = forcing.dry_bulb[i];
    state.wet_bulb = forcing.wet_bulb[i];
    state.load = forcing.load[i];
    for (size_t k = 0; k < kLevers; ++k) {
      state.levers[k] = std::clamp(levers[k][i], kLeverRanges[k].low, kLeverRanges[k].high);
    }
    for (int sub = 0; sub < kSubsteps; ++sub) {
      step_hall(hall_, state, kStepSeconds / kSubsteps);
    }
    scatter(state.stores, stores_, i);
    scatter(state.inlets, inlets_, i);
    scatter(state.readings, readings_, i);
    scatter(state.energy, energy_, i);
    rejected_[i] = state.rejected;
  }
}

double Simulator::stored(int64_t environment) const {
  return stored_heat(hall_, gather(stores_, static_cast<size_t>(environment)));
}

void Simulator::copy(int64_t environment, const Simulator& other, int64_t from) {
  const auto to = static_cast<size_t>(environment);
  const auto source = static_cast<size_t>(from);
  scatter(gather(other.stores_, source), stores_, to);
  scatter(gather(other.inlets_, source), inlets_, to);
  scatter(gather(other.readings_, source), readings_, to);
  scatter(gather(other.energy_, source), energy_, to);
  rejected_[to] = other.rejected_[source];
}

}  // namespace nas
