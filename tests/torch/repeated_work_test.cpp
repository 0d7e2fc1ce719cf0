#include "nas/torch/repeated_work.hpp"

#include <stdexcept>

#include "nas/torch/torch.hpp"
#include "tests/kernels/devices.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// What a recorder was asked for, a letter each.
struct Diary {
  std::string text;
  bool fails = false;
};

class NotedRecorder final : public WorkRecorder {
 public:
  explicit NotedRecorder(Diary& diary) : diary_(diary) {}
  void run(const std::function<void()>& work) override {
    diary_.text += 'w';
    work();
  }
  void record(const std::function<void()>& work) override {
    diary_.text += 'r';
    if (diary_.fails) throw std::runtime_error("operation not permitted");
    static_cast<void>(work);  // a recording does nothing yet
  }
  void replay() override { diary_.text += 'p'; }

 private:
  Diary& diary_;
};

}  // namespace

TEST_CASE("work is recorded after its warm-up, and anew when a constant changes", "[torch]") {
  Diary diary;
  RepeatedWork repeated(std::make_unique<NotedRecorder>(diary));
  int64_t calls = 0;
  for (const double constant : {1., 1., 1., 1., 1., 2., 2.}) {
    repeated.run([&] { ++calls; }, {constant});
  }
  REQUIRE(diary.text == "wwwrpprpp");
  REQUIRE(calls == RepeatedWork::kWarmup);
  REQUIRE(repeated.refusal().empty());
}

TEST_CASE("work that cannot be recorded is called, and the reason kept", "[torch]") {
  Diary diary;
  diary.fails = true;
  RepeatedWork repeated(std::make_unique<NotedRecorder>(diary));
  int64_t calls = 0;
  for (int64_t i = 0; i < 6; ++i) repeated.run([&] { ++calls; }, {});
  REQUIRE(diary.text == "wwwr");
  REQUIRE(calls == 6);
  REQUIRE(repeated.refusal() == "operation not permitted");
}

TEST_CASE("on the CPU work is called each time, and a wish for graphs answered", "[torch]") {
  const GraphChoice before = graph_choice();
  for (const char* text : {"auto", "true", "false"}) {
    set_graph_choice(graph_choice_from_text(text));
    RepeatedWork repeated = repeated_work(torch::kCPU, "");
    int64_t calls = 0;
    for (int64_t i = 0; i < 6; ++i) repeated.run([&] { ++calls; }, {});
    REQUIRE(calls == 6);
    REQUIRE(repeated.refusal().empty() == (graph_choice() != GraphChoice::always));
  }
  set_graph_choice(before);
}

TEST_CASE("a replayed recording reads what its tensors hold now, random numbers included",
          "[torch][cuda]") {
  if (!cuda_is_there()) return;
  const auto results = [](RepeatedWork repeated) {
    const torch::Tensor input = torch::zeros({64}, torch::kCUDA);
    const torch::Tensor sum = torch::zeros({64}, torch::kCUDA);
    for (int64_t i = 0; i < 8; ++i) {
      torch::manual_seed(static_cast<uint64_t>(i));
      torch::Tensor(input).fill_(i);
      repeated.run([&] { torch::Tensor(sum).add_(input * torch::rand_like(input)); }, {});
    }
    return sum.cpu();
  };
  REQUIRE(torch::equal(results(repeated_work(torch::kCUDA, "")), results(RepeatedWork(nullptr))));
}

}  // namespace nas
