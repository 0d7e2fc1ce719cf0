#include <algorithm>
#include <functional>

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
  input.curves = {{"e<f", "epoch", {{"train_accuracy", {{1, 50}, {2, 90}}}}}};
  input.config = "seed: 1";
  input.command = "nas run mine.yaml";
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
  for (const char* part : {"95.00 %", "94.00 ± 0.00 %", "b&lt;c", "nan: loss &amp; weights",
                           "class=\"failed\"", "Learning curves", "<svg", "mine.yaml"}) {
    CHECK_THAT(html, ContainsSubstring(part));
  }
  for (const char* part : {"<script", "http", "src=", "href", "@import", "url(", "b<c", "e<f"}) {
    CAPTURE(part);
    // The names of XML's vocabularies are no addresses.
    std::string rest = html;
    for (size_t at; (at = rest.find("http://www.w3.org/2000/svg")) != std::string::npos;) {
      rest.erase(at, 26);
    }
    CHECK(rest.find(part) == std::string::npos);
  }
}

TEST_CASE("Every element of a report that is opened is closed") {
  const std::string html = render_report(input());
  for (const std::string name :
       {"main", "section", "details", "table", "tr", "td", "svg", "pre", "p", "div", "span"}) {
    CAPTURE(name);
    const auto count = [&](const std::string& what) {
      int64_t found = 0;
      for (size_t at = 0; (at = html.find(what, at)) != std::string::npos; ++at) ++found;
      return found;
    };
    CHECK(count("<" + name + ">") + count("<" + name + " ") == count("</" + name + ">"));
  }
}

TEST_CASE("A report bears a damaged file of figures") {
  ReportInput damaged = input();
  damaged.best = GENERATE(Json("text"), Json::array(), Json::object(),
                          Json{{"metrics", nullptr}, {"mean", 3}, {"retrain", Json::array()}});
  CHECK_THAT(render_report(damaged), ContainsSubstring("Score over trials"));
}

TEST_CASE("Several objectives are drawn each") {
  ReportInput two = input();
  two.objectives.push_back({"parameters", Goal::minimize});
  for (auto& trial : two.trials) trial.metrics["parameters"] = 1000;
  const std::string html = render_report(two);
  CHECK_THAT(html, ContainsSubstring("parameters over trials") &&
                       ContainsSubstring("validation_accuracy over trials"));
}

TEST_CASE("A report of a run without any score is a page too") {
  ReportInput empty = input();
  empty.trials.clear();
  empty.architectures.clear();
  empty.best = nullptr;
  CHECK_THAT(render_report(empty), ContainsSubstring("No trial has a score"));
}

enum class Place { terminal, file };

/// What is printed while `act` is told to an observer; a second passes at each look at the clock.
std::string printed(Place place, const std::vector<Trial>& known,
                    const std::function<void(RunObserver&)>& act) {
  std::FILE* file = std::tmpfile();
  TerminalOptions options;
  options.out = file;
  options.live = place == Place::terminal;
  options.trials_planned = 4;
  options.known = known;
  double now = 0;
  options.clock = [&] { return now += 1; };
  options.describe_point = [](const Trial&) { return "cell"; };
  act(*make_terminal_observer(options));
  std::string text(static_cast<size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

void one_trial(RunObserver& observer) {
  observer.trial_started(scored(0, 0));
  observer.trial_progress(0, {1, 2, "epoch", {{"train_accuracy", 50}}});
  observer.trial_finished(scored(0, 91.5));
}

int64_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST_CASE("Away from a terminal a finished trial is one plain line") {
  const std::string text = printed(Place::file, {}, one_trial);
  CHECK(lines(text) == 1);
  CHECK_THAT(text, ContainsSubstring("91.500") && ContainsSubstring("cell"));
  CHECK(text.find('\033') == std::string::npos);
}

TEST_CASE("Away from a terminal a long trial gives a sign about once a minute") {
  const std::string text = printed(Place::file, {}, [](RunObserver& observer) {
    observer.trial_started(scored(0, 0));
    for (int i = 1; i <= 150; ++i) observer.trial_progress(0, {i, 150, "epoch", {}});
  });
  CHECK(lines(text) == 4);  // a trial and a foot line, twice
  CHECK_THAT(text, ContainsSubstring("trial 0  epoch 60/150"));
}

TEST_CASE("On a terminal running trials, the best and the time left are redrawn in place") {
  const std::string text = printed(Place::terminal, {}, one_trial);
  CHECK_THAT(text, ContainsSubstring("epoch 1/2  train_accuracy 50.000") &&
                       ContainsSubstring("1 of 4 trials, best 91.500 (trial 0)") &&
                       ContainsSubstring("an hour") && ContainsSubstring("left") &&
                       ContainsSubstring("\033["));
}

TEST_CASE("On a terminal as many lines are taken back as were drawn") {
  const std::string text = printed(Place::terminal, {}, one_trial);
  int64_t below = 0;  // the cursor's line
  int64_t kept = 0;   // lines of finished trials, never taken back
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++below;
    if (text.compare(i, 2, "\033[") == 0 && text[i + 3] == 'A') below -= text[i + 2] - '0';
    if (text.compare(i, 6, "91.500") == 0 && text.compare(i - 5, 5, "best ") != 0) kept = 1;
    REQUIRE(below >= (text[i] == '\n' ? kept : 0));
  }
  CHECK(kept == 1);
  CHECK(below == 1);
}

TEST_CASE("A resumed run counts on from what was finished before") {
  const std::string text =
      printed(Place::terminal, {scored(0, 99), scored(1, 80)}, [](RunObserver& observer) {
        observer.trial_started(scored(2, 0));
        observer.trial_finished(scored(2, 91.5));
      });
  CHECK_THAT(text, ContainsSubstring("2 of 4 trials, best 99.000 (trial 0)") &&
                       ContainsSubstring("3 of 4 trials, best 99.000 (trial 0)"));
}

TEST_CASE("A failed trial's line tells why") {
  Trial failed = scored(3, 0);
  failed.metrics.clear();
  failed.state = TrialState::failed;
  failed.failure = Failure{"oom", "too large"};
  const auto text = printed(Place::file, {}, [&](RunObserver& o) { o.trial_finished(failed); });
  CHECK(text == "trial 3       failed    oom: too large\n");
}

}  // namespace
}  // namespace nas
