#include <fstream>

#include "nas/core/error.hpp"
#include "nas/run/process_launcher.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt}};

/// Workers that are shell programs: each line they read is an assignment.
ProcessLauncher launcher_of(const std::filesystem::path& folder, const std::string& script,
                            int64_t workers, std::vector<std::string>* warnings = nullptr) {
  ProcessLauncher::Options options;
  options.workers = workers;
  options.command = [=](int64_t) {
    return Subprocess::Command{{"/bin/sh", "-c", script}, {}, folder / "errors.log"};
  };
  options.on_ready = [](const std::string&) {};
  options.on_warning = [=](const std::string& text) {
    if (warnings != nullptr) warnings->push_back(text);
  };
  return ProcessLauncher(kChoices, options);
}

Assignment assignment(int64_t number) {
  return {number, Job::evaluate, Point{{int64_t{1}}}, 0, 9, "folder"};
}

Failure failure_of(const std::string& script) {
  const Scratch folder;
  auto launcher = launcher_of(folder.path(), script, 1);
  launcher.start(assignment(4));
  const auto event = launcher.wait(20);
  REQUIRE(event);
  CHECK(event->number == 4);
  return std::get<Failure>(std::get<Outcome>(event->what));
}

TEST_CASE("A worker's score, progress and warnings arrive") {
  const Scratch folder;
  std::vector<std::string> warnings;
  auto launcher = launcher_of(folder.path(), R"(while read line; do
      echo '{"warning": "mind"}'
      echo '{"progress": {"done": 1, "total": 2, "unit": "epoch", "metrics": {}}}'
      echo '{"score": {"metrics": {"accuracy": 7.5}, "derived": {"op": "b"}}}'
    done)",
                              2, &warnings);
  launcher.start(assignment(0));
  launcher.start(assignment(1));
  CHECK_THROWS_AS(launcher.start(assignment(2)), RunError);
  int progress = 0;
  int scores = 0;
  while (const auto event = launcher.wait(20)) {
    if (std::holds_alternative<Progress>(event->what)) ++progress;
    if (const auto* outcome = std::get_if<Outcome>(&event->what)) {
      const auto& score = std::get<Score>(*outcome);
      CHECK(score.metrics == Metrics{{"accuracy", 7.5}});
      CHECK(score.derived == Point{{int64_t{1}}});
      ++scores;
    }
  }
  CHECK(progress == 2);
  CHECK(scores == 2);
  CHECK(warnings.size() == 2);
}

TEST_CASE("A worker that dies takes one candidate with it, and says how") {
  const Failure killed = failure_of("read line; echo 'last words' >&2; kill -9 $$");
  CHECK(killed.kind == "crash");
  CHECK_THAT(killed.reason, ContainsSubstring("signal 9") && ContainsSubstring("last words"));
  CHECK(failure_of("read line; exit 3").reason == "the worker ended with exit status 3");
}

TEST_CASE("A worker that ends for what is wrong with all candidates ends the search") {
  const Scratch folder;
  auto launcher =
      launcher_of(folder.path(), "read line; echo \"nas: device 'gpu'\" >&2; exit 2", 1);
  launcher.start(assignment(4));
  CHECK_THROWS_AS(launcher.wait(20), UsageError);
  launcher.start(assignment(5));
  CHECK_THROWS_WITH(launcher.wait(20), "device 'gpu'");
}

TEST_CASE("A worker that takes its time to end after its last word is waited for") {
  CHECK(failure_of("read line; exec >&-; sleep 2.5; exit 3").reason ==
        "the worker ended with exit status 3");
}

TEST_CASE("An evaluation that hangs ends when its time is up, and its worker with it") {
  const Scratch folder;
  ProcessLauncher::Options options;
  options.longest = 0.4;
  options.command = [&](int64_t) {
    const std::string script =
        "while read line; do case $line in *'\"number\":4,'*) sleep 60;; *) " +
        std::string("echo '{\"score\": {\"metrics\": {\"a\": 1}, ") +
        "\"derived\": null}}';; esac; done";
    return Subprocess::Command{{"/bin/sh", "-c", script}, {}, folder / "errors.log"};
  };
  ProcessLauncher launcher(kChoices, options);
  launcher.start(assignment(4));
  const auto event = launcher.wait(20);
  REQUIRE(event);
  const auto& failure = std::get<Failure>(std::get<Outcome>(event->what));
  CHECK(failure.kind == "timeout");
  launcher.start(assignment(5));
  const auto next = launcher.wait(20);
  REQUIRE(next);
  CHECK(std::get<Score>(std::get<Outcome>(next->what)).metrics == Metrics{{"a", 1}});
}

TEST_CASE("What trains all candidates' weights may take longer than one of them") {
  const Scratch folder;
  ProcessLauncher::Options options;
  options.longest = 0.2;
  options.command = [&](int64_t) {
    return Subprocess::Command{
        {"/bin/sh", "-c",
         R"(read line; sleep 1; echo '{"score": {"metrics": {"a": 1}, "derived": null}}')"},
        {},
        folder / "errors.log"};
  };
  ProcessLauncher launcher(kChoices, options);
  Assignment supernet = assignment(4);
  supernet.job = Job::supernet;
  launcher.start(supernet);
  const auto event = launcher.wait(20);
  REQUIRE(event);
  CHECK(std::holds_alternative<Score>(std::get<Outcome>(event->what)));
}

TEST_CASE("A worker that is told to end before it can save anything loses nothing but its time") {
  for (const std::string how : {"kill -TERM $$; sleep 60", "exec >&-; sleep 0.2; exit 75"}) {
    const Scratch folder;
    auto launcher = launcher_of(folder.path(), "read line; " + how, 1);
    launcher.start(assignment(4));
    const auto event = launcher.wait(20);
    REQUIRE(event);
    CHECK(event->number == 4);
    CHECK(std::holds_alternative<std::monostate>(event->what));
  }
}

TEST_CASE("Garbage and numbers that are not finite are failed candidates") {
  CHECK(failure_of("read line; echo rubbish; sleep 60").kind == "error");
  CHECK(failure_of(R"(read line; echo '{"score": {"metrics": {"a": null}, "derived": null}}')")
            .kind == "nan");
  CHECK(
      failure_of(R"(read line; echo '{"score": {"metrics": {}, "derived": {"op": "z"}}}'; sleep 9)")
          .kind == "error");
}

TEST_CASE("A worker is started again after it died") {
  const Scratch folder;
  auto launcher = launcher_of(folder.path(), "read line; exit 1", 1);
  for (int64_t number = 0; number < 3; ++number) {
    launcher.start(assignment(number));
    CHECK(launcher.wait(20)->number == number);
  }
}

TEST_CASE("Stopping workers save their state, and one that does not answer is killed") {
  const Scratch folder;
  const bool answers = GENERATE(true, false);
  auto launcher = launcher_of(
      folder.path(),
      answers
          ? R"(trap 'echo "{\"interrupted\": true}"; exit 75' TERM; read line; echo '{"warning": "up"}'
                   while :; do sleep 0.05; done)"
          : R"(trap '' TERM; read line; while :; do sleep 0.05; done)",
      1);
  launcher.start(assignment(0));
  launcher.wait(0.5);
  launcher.stop();
  if (!answers) launcher.stop();
  const auto event = launcher.wait(20);
  REQUIRE(event);
  CHECK(std::holds_alternative<std::monostate>(event->what));
}

}  // namespace
}  // namespace nas
