#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

#include "nas/config/scalar.hpp"
#include "nas/core/error.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/subprocess.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/worker_environment.hpp"

namespace nas {
namespace {

struct Options {
  std::vector<int64_t> candidates;
  int64_t repeats = 3;
  int64_t epochs = 3;
  int64_t threads = 1;
  std::string device = "auto";
  std::vector<std::string> epoch;
};

void describe(Section& section, Options& options) {
  std::vector<std::string> counts{"1", "2"};
  section.texts("candidates", counts, "trained at once, each in a process of its own");
  for (const std::string& count : counts) {
    const auto number = parse_integer(count);
    if (!number || *number < 1 || *number > 256) {
      section.mistake("candidates", "found '" + count + "', expected numbers from 1 to 256");
      return;
    }
    options.candidates.push_back(*number);
  }
  section.integer("repeats", options.repeats, {1, 1000, ""}, "groups of so many candidates");
  section.integer("epochs", options.epochs, {1, 1'000'000, "epochs"}, "of a candidate that count");
  section.integer("threads", options.threads, {1, 1024, "threads"}, "of the CPU, of a candidate");
  section.text("device", options.device, "cpu, cuda, cuda:N or auto");
  section.texts("epoch", options.epoch, "settings of `nas bench epoch`: key=value");
}

Subprocess::Command candidate(const Options& options, const std::filesystem::path& errors) {
  Subprocess::Command command;
  command.arguments = {tensor_program().string(), "bench", "epoch", "--json"};
  std::vector<std::string> settings{"runs=" + std::to_string(options.epochs),
                                    "threads=" + std::to_string(options.threads),
                                    "device=" + options.device};
  settings.insert(settings.end(), options.epoch.begin(), options.epoch.end());
  for (const std::string& setting : settings) {
    command.arguments.insert(command.arguments.end(), {"--set", setting});
  }
  command.environment = tensor_worker_environment(options.threads);
  command.error_file = errors;
  return command;
}

/// What a candidate printed once it has ended.
Json answer_of(Subprocess& process) {
  std::string text;
  while (process.read_available()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  while (const auto line = process.take_line()) text += *line + "\n";
  Json answer = parse_json_or_discard(text);
  if (!answer.is_object() || !answer.contains("median")) {
    throw RunError("packing: a candidate ended with " + process.kill_and_describe() +
                   "; its errors are above");
  }
  return answer;
}

/// The answers of `count` candidates that train at once.
std::vector<Json> train_together(int64_t count, const Options& options) {
  std::vector<std::unique_ptr<Subprocess>> processes;
  for (int64_t i = 0; i < count; ++i) {
    processes.push_back(std::make_unique<Subprocess>(candidate(options, "/dev/stderr")));
  }
  std::vector<Json> answers;
  answers.reserve(processes.size());
  for (const auto& process : processes) answers.push_back(answer_of(*process));
  return answers;
}

/// Seconds from one candidate's epoch to the next, counted over all that train.
double seconds_between(const std::vector<Json>& answers) {
  double epochs_per_second = 0;
  for (const Json& answer : answers) epochs_per_second += 1 / answer["median"].get<double>();
  return 1 / epochs_per_second;
}

/// Whether programs share GPUs through NVIDIA's service for that, as far as the environment says.
bool shared_by_service() { return std::getenv("CUDA_MPS_PIPE_DIRECTORY") != nullptr; }

}  // namespace

Json bench_packing(const BenchRequest& request, const Program&) {
  Options options;
  Json settings = read_settings("packing", "{}", request.settings,
                                [&](Section& section) { describe(section, options); });
  Json results = Json::array();
  double alone = 0;
  for (const int64_t count : options.candidates) {
    settings["candidates"] = count;
    BenchResult result{"packing", settings, {}, "seconds a candidate's epoch", {}, 0};
    for (int64_t i = 0; i < options.repeats; ++i) {
      const auto answers = train_together(count, options);
      result.samples.push_back(seconds_between(answers));
      result.device = answers.front()["device"];
      for (const Json& answer : answers) {
        result.peak_memory =
            std::max(result.peak_memory, answer["peak_memory"].get<int64_t>());  // of one
      }
    }
    if (alone == 0) alone = median(result.samples);
    result.more = {{"throughput_gained", alone / median(result.samples)},
                   {"service", shared_by_service()}};
    results.push_back(to_json(result));
  }
  return results;
}

}  // namespace nas
