#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "nas/core/error.hpp"
#include "nas/core/machine.hpp"
#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"
#include "nas/search/sampling.hpp"
#include "nas/store/trial_store.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/named_space.hpp"

namespace nas {
namespace {

struct Options {
  int64_t trials = 200;
  int64_t repeats = 5;
  int64_t state_bytes = 1000;
  std::string folder;
};

void describe(Section& section, Options& options) {
  section.integer("trials", options.trials, {1, 1'000'000, "trials"}, "written a repetition");
  section.integer("repeats", options.repeats, {1, 1000, ""}, "each into a new database");
  section.integer("state_bytes", options.state_bytes, {0, 1 << 24, "bytes"},
                  "of the searcher, saved with each new trial");
  section.path("folder", options.folder, "on whose disk; empty: that of temporary files");
}

/// A new folder that goes away with the object.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& parent) {
    std::string name = (parent / "nas-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw RunError(name + ": cannot be made");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// As a search writes a trial: with the searcher's state when it is new, when it starts, when it
/// ends.
constexpr int64_t kTransactions = 3;

void write_trial(TrialStore& store, Trial trial, const std::string& state) {
  store.transaction([&] {
    store.add(trial);
    store.put("controller", state);
  });
  trial.state = TrialState::running;
  store.update(trial);
  trial.state = TrialState::complete;
  trial.metrics = {{"validation_accuracy", 91.5}, {"validation_loss", 0.25}};
  store.update(trial);
}

double seconds_per_trial(const Options& options, const Space& space) {
  const TemporaryFolder folder(options.folder.empty() ? std::filesystem::temp_directory_path()
                                                      : std::filesystem::path(options.folder));
  const auto store =
      open_sqlite_store(folder.path() / "trials.db", space.choices(), OpenMode::read_write);
  const std::string state(static_cast<size_t>(options.state_bytes), 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int64_t number = 0; number < options.trials; ++number) {
    RandomStream random(0, "bench.store", static_cast<uint64_t>(number));
    Trial trial;
    trial.number = number;
    trial.point = sample(space.choices(), random);
    write_trial(*store, trial, state);
  }
  const auto spent = std::chrono::steady_clock::now() - start;
  return std::chrono::duration<double>(spent).count() / static_cast<double>(options.trials);
}

}  // namespace

Json bench_store(const BenchRequest& request, const Program&) {
  Options options;
  const Json settings = read_settings("store", "{}", request.settings,
                                      [&](Section& section) { describe(section, options); });
  const auto space = make_named_space("nas_bench_201", {}, TaskShape{});
  BenchResult result{"store", settings, {}, "seconds a trial", processor_facts(), 0};
  for (int64_t i = 0; i < options.repeats; ++i) {
    result.samples.push_back(seconds_per_trial(options, *space));
  }
  result.peak_memory = peak_resident_memory();
  result.more["transactions_per_second"] = kTransactions / median(result.samples);
  return to_json(result);
}

}  // namespace nas
