#include <array>

#include "nas/report/html.hpp"
#include "nas/report/terminal.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

Trial scored(int64_t number, double accuracy) {
  Trial trial;
  trial.number = number;
  trial.state = TrialState::complete;
  trial.point = Point{};
  trial.metrics = {{"validation_accuracy", accuracy}};
  return trial;
}

ReportInput input() {
  ReportInput input;
  input.name = "<script>alert(1)</script>";
  input.objectives = {Objective{}};
  input.trials = {scored(0, 90), scored(1, 95)};
  Trial failed = scored(2, 0);
  failed.state = TrialState::failed;
  failed.failure = Failure{"nan", "loss & weights"};
  input.trials.push_back(failed);
  input.architectures = {"a", "b<c", ""};
  input.best = {{"trial", 1},
                {"arch", "b<c"},
                {"metrics", {{"validation_accuracy", 95.0}}},
                {"retrain", {{{"metrics", {{"test_accuracy", 94.0}}}}}},
                {"mean", {{"test_accuracy", 94.0}}},
                {"deviation", {{"test_accuracy", 0.0}}}};
  return input;
}

TEST_CASE("A report tells the figures and loads nothing") {
  const std::string html = render_report(input());
  for (const char* part :
       {"95.00 %", "94.00 ± 0.00 %", "b&lt;c", "nan: loss &amp; weights", "<svg"}) {
    CHECK_THAT(html, ContainsSubstring(part));
  }
  for (const char* part : {"<script", "http://localhost", "src=", "@import", "b<c"}) {
    CHECK(html.find(part) == std::string::npos);
  }
}

TEST_CASE("A report of a run without any score is a page too") {
  ReportInput empty = input();
  empty.trials.clear();
  empty.architectures.clear();
  empty.best = nullptr;
  CHECK_THAT(render_report(empty), ContainsSubstring("No trial has a score"));
}

std::string printed(bool live) {
  std::FILE* file = std::tmpfile();
  TerminalOptions options;
  options.out = file;
  options.live = live;
  options.trials_planned = 4;
  double now = 0;
  options.clock = [&] { return now += 1; };
  options.describe_point = [](const Trial&) { return "cell"; };
  {
    const auto terminal = make_terminal_observer(options);
    terminal->trial_started(scored(0, 0));
    terminal->trial_progress(0, {1, 2, "epoch", {}});
    terminal->trial_finished(scored(0, 91.5));
  }
  std::string text(static_cast<size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

TEST_CASE("Away from a terminal a finished trial is one plain line") {
  const std::string text = printed(false);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK_THAT(text, ContainsSubstring("91.500") && ContainsSubstring("cell"));
  CHECK(text.find('\033') == std::string::npos);
}

TEST_CASE("On a terminal running trials, the best and the time left are redrawn in place") {
  const std::string text = printed(true);
  CHECK_THAT(text, ContainsSubstring("epoch 1/2") && ContainsSubstring("best 91.500") &&
                       ContainsSubstring("an hour") && ContainsSubstring("\033["));
}

}  // namespace
}  // namespace nas
