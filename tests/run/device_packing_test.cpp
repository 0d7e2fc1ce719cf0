#include "nas/run/device_packing.hpp"

#include "nas/run/process_launcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt}};

/// Its worker script speaks for a GPU.
ProcessLauncher packed(const std::filesystem::path& folder, const std::string& script) {
  ProcessLauncher::Options options;
  options.workers = 4;
  options.packing.emplace(/*devices=*/1, /*most=*/4);
  options.command = [=](int64_t) {
    return Subprocess::Command{
        {"/bin/sh", "-c", script}, {{"FOLDER", folder.string()}}, folder / "errors.log"};
  };
  options.on_ready = [](const std::string&) {};
  options.on_warning = [](const std::string&) {};
  return ProcessLauncher(kChoices, options);
}

Assignment assignment(int64_t number) {
  return {number, Job::evaluate, Point{{int64_t{1}}}, 0, 9, "folder"};
}

const char* const kScore = R"({"score": {"metrics": {"accuracy": 7.5}, "derived": null}})";

}  // namespace

TEST_CASE("as many workers share a GPU as the largest seen so far fits in") {
  DevicePacking packing(2, 6);
  CHECK(packing.workers() == 2);
  packing.note(100, 1000);
  CHECK(packing.workers() == 12);  // 9 fit, 6 may
  packing.note(250, 1000);
  CHECK(packing.workers() == 6);
  packing.note(10, 1000);  // a small one says nothing of the next
  CHECK(packing.workers() == 6);
  packing.note(990, 1000);
  CHECK(packing.workers() == 2);
}

TEST_CASE("workers that ran out of memory beside others are kept apart for good") {
  DevicePacking packing(1, 8);
  packing.note(100, 1000);
  packing.separate();
  packing.note(100, 1000);
  CHECK(packing.workers() == 1);
}

TEST_CASE("a run has more workers at once when the first has told its memory") {
  const Scratch folder;
  const std::string script = std::string("while read line; do echo '") +
                             R"({"memory": {"used": 200, "total": 1000}})" + "'; echo '" + kScore +
                             "'; done";
  auto launcher = packed(folder.path(), script);
  CHECK(launcher.capacity() == 1);
  launcher.start(assignment(0));
  REQUIRE(launcher.wait(20));
  CHECK(launcher.capacity() == 4);
}

TEST_CASE("what ran out of memory beside others is done again alone, and is no failure") {
  const Scratch folder;
  // Whoever finds the GPU taken has no memory; the others' memory lets four start at first.
  const std::string script =
      std::string("while read line; do if mkdir \"$FOLDER/gpu\" 2>/dev/null; then sleep 0.4; ") +
      "rmdir \"$FOLDER/gpu\"; echo '" + R"({"memory": {"used": 1, "total": 1000}})" + "'; echo '" +
      kScore + "'; else echo '" + R"({"failure": {"kind": "oom", "reason": "no memory"}})" +
      "'; fi; done";
  auto launcher = packed(folder.path(), script);
  launcher.start(assignment(0));
  REQUIRE(launcher.wait(20));
  for (int64_t number = 1; number <= 3; ++number) launcher.start(assignment(number));
  int scores = 0;
  while (const auto event = launcher.wait(20)) {
    const auto* outcome = std::get_if<Outcome>(&event->what);
    REQUIRE(outcome != nullptr);
    CHECK(std::holds_alternative<Score>(*outcome));
    ++scores;
  }
  CHECK(scores == 3);
  CHECK(launcher.capacity() == 1);
}

TEST_CASE("what runs out of memory alone is a failure") {
  const Scratch folder;
  auto launcher =
      packed(folder.path(), std::string("while read line; do echo '") +
                                R"({"failure": {"kind": "oom", "reason": "large"}})" + "'; done");
  launcher.start(assignment(0));
  const auto event = launcher.wait(20);
  REQUIRE(event);
  CHECK(std::get<Failure>(std::get<Outcome>(event->what)).kind == "oom");
}

}  // namespace nas
