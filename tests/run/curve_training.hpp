#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "nas/core/file.hpp"
#include "nas/run/recording_monitor.hpp"
#include "nas/store/trial_store.hpp"
#include "tests/run/fake_launcher.hpp"

namespace nas::testing {

/// A training of 9 epochs whose accuracy rises to a height of its point's with a shape of its
/// seed's. Its state is the epoch in a file.
inline Outcome evaluate_by_height(const Assignment& assignment) {
  Silent silent;
  RecordingMonitor monitor(assignment.cutoffs, silent);
  const double height = std::get<double>(assignment.point->values[0]);
  const double pace = 0.5 + static_cast<double>(assignment.seed % 100) / 100;
  const auto accuracy = [&](int64_t epoch) {
    return height * (1 - std::exp(-pace * static_cast<double>(epoch)));
  };
  const auto file = assignment.folder / "epoch";
  int64_t epoch = std::filesystem::exists(file) ? std::stoll(read_file(file)) : 0;
  LearningCurve earlier;
  for (int64_t i = 1; i <= epoch; ++i) earlier.push_back({i, {{"accuracy", accuracy(i)}}});
  if (epoch > 0) monitor.recall(earlier);
  std::filesystem::create_directories(assignment.folder);
  const int64_t last = last_epoch(assignment, 9);
  bool stopped = false;
  while (epoch < last && !stopped) {
    ++epoch;
    const Progress progress{epoch, last, "epoch", {{"accuracy", accuracy(epoch)}}};
    stopped = monitor.report(progress) == Advice::stop;
  }
  write_file_atomically(file, std::to_string(epoch));
  if (assignment.seed % 11 == 3) return Failure{"nan", "made to fail"};
  return monitor.completed(nas::Score{{{"accuracy", accuracy(epoch)}}, std::nullopt});
}

/// FakeLauncher of such trainings; counts those that begin with another one's state.
class CurveLauncher : public FakeLauncher {
 public:
  CurveLauncher(int64_t capacity, uint64_t order, int64_t crash_at)
      : FakeLauncher(capacity, order, crash_at, evaluate_by_height) {}
  void start(const Assignment& assignment) override {
    epochs_inherited += std::filesystem::exists(assignment.folder / "epoch") ? 1 : 0;
    FakeLauncher::start(assignment);
  }

  int64_t epochs_inherited = 0;
};

struct Row {
  int64_t number;
  TrialState state;
  std::optional<Point> point;
  Budget budget;
  std::optional<int64_t> continues;
  std::optional<Cutoffs> cutoffs;
  uint64_t seed;
  Metrics metrics;
  LearningCurve curve;
  bool operator==(const Row&) const = default;
};

/// All that a search decides, without times.
inline std::vector<Row> rows(const TrialStore& store) {
  std::vector<Row> list;
  for (const auto& t : store.trials()) {
    list.push_back({t.number, t.state, t.point, t.budget, t.continues, t.cutoffs, t.seed, t.metrics,
                    store.curve(t.number)});
  }
  return list;
}

}  // namespace nas::testing
