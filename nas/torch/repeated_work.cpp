#include "nas/torch/repeated_work.hpp"

#include <atomic>
#include <exception>
#include <utility>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

std::atomic<GraphChoice>& chosen_graphs() {
  static std::atomic<GraphChoice> choice{GraphChoice::automatic};
  return choice;
}

}  // namespace

void set_graph_choice(GraphChoice choice) { chosen_graphs() = choice; }
GraphChoice graph_choice() { return chosen_graphs(); }

GraphChoice graph_choice_from_text(std::string_view text) {
  if (text == "true") return GraphChoice::always;
  return text == "false" ? GraphChoice::never : GraphChoice::automatic;
}

RepeatedWork::RepeatedWork(std::unique_ptr<WorkRecorder> recorder, std::string refusal)
    : recorder_(std::move(recorder)), refusal_(std::move(refusal)) {}

void RepeatedWork::run(const std::function<void()>& work, const std::vector<double>& constants) {
  if (!recorder_) return work();
  if (runs_ < kWarmup) {
    ++runs_;
    return recorder_->run(work);
  }
  if (recorded(work, constants)) return recorder_->replay();
  recorder_.reset();
  work();
}

bool RepeatedWork::recorded(const std::function<void()>& work,
                            const std::vector<double>& constants) {
  if (holds_recording_ && constants == constants_) return true;
  try {
    recorder_->record(work);
  } catch (const std::exception& error) {
    refusal_ = error.what();
    return false;
  }
  holds_recording_ = true;
  constants_ = constants;
  return true;
}

RepeatedWork repeated_work(torch::Device device, const std::string& obstacle) {
  if (graph_choice() == GraphChoice::never) return RepeatedWork(nullptr);
  std::string refusal = obstacle;
  if (!obstacle.empty()) return RepeatedWork(nullptr, device.is_cuda() ? obstacle : "");
  auto recorder = make_recorder(device, refusal);
  const bool told = recorder == nullptr && graph_choice() == GraphChoice::always;
  return RepeatedWork(std::move(recorder), told ? refusal : "");
}

}  // namespace nas
