#include <algorithm>
#include <cmath>
#include <functional>

#include "nas/report/compression.hpp"
#include "nas/report/html.hpp"
#include "nas/report/page_files.hpp"
#include "nas/report/report_data.hpp"
#include "nas/report/spending_section.hpp"
#include "nas/report/summary_section.hpp"
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
  input.drawn = {{1, {}}};
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

/// The page without the charting library, which has addresses in its comments.
std::string own_part(std::string html) {
  const auto at = html.find(charting_library());
  REQUIRE(at != std::string::npos);
  return html.erase(at, charting_library().size());
}

TEST_CASE("A report tells the figures and loads nothing") {
  const std::string html = own_part(render_report(input()));
  for (const char* part : {"95.00 %", "94.00 ± 0.00 %", "b&lt;c", "nan: loss &amp; weights",
                           "Learning curves", "Cost of the search", "mine.yaml"}) {
    CHECK_THAT(html, ContainsSubstring(part));
  }
  for (const char* part : {"http:", "https:", "src=", "href=\"/", "@import", "url("}) {
    CAPTURE(part);
    CHECK(html.find(part) == std::string::npos);
  }
}

TEST_CASE("Texts of a run are never markup, nor do they end the script that holds them") {
  ReportInput hostile = input();
  const std::string text = "</script><script>alert(1)</script><!--\xff\u2028";
  hostile.architectures = {text, text, text};
  hostile.trials[2].failure = Failure{"error", text};
  hostile.trials[0].metrics[text] = 1;
  hostile.curves = {{text, text, {{text, {{1, 50}}}}}};
  hostile.choices = {{text, Categorical{{text, "b"}}, {}}};
  for (auto& trial : hostile.trials) trial.point = Point{{Value{int64_t{0}}}};
  hostile.pruned = {{"prunings", {1}}, {"mean", {{"before", {{text, 1}}}, {"after", {{text, 1}}}}}};
  hostile.exports = {{text, 10}};
  hostile.config = hostile.command = text;
  hostile.provenance = {{"host", text}};
  const std::string html = own_part(render_report(hostile));
  CHECK(html.find("alert(1)</script>") == std::string::npos);
  CHECK(html.find("<script>alert") == std::string::npos);
  CHECK(html.find("<!--") == std::string::npos);
  CHECK_THAT(html, ContainsSubstring("\\u003c/script>\\u003cscript>alert(1)"));
}

TEST_CASE("What charts are drawn from is by columns, six digits, null where there is nothing") {
  ReportInput two = input();
  two.trials[0].metrics["validation_accuracy"] = 90.123456789;
  two.trials[2].metrics = {{"validation_accuracy", std::nan("")}};
  two.choices = {{"width", IntegerInterval{1, 9, true}, {}}};
  two.trials[0].point = Point{{Value{int64_t{7}}}};
  two.trials[1].point = Point{{Value{}}};
  two.trials[2].point.reset();
  const Json data = report_data(two);
  CHECK(data["trials"]["metrics"]["validation_accuracy"].dump() == "[90.1235,95.0,null]");
  CHECK(data["choices"][0]["values"].dump() == "[7,null,null]");
  CHECK(data["choices"][0]["log"] == true);
  CHECK(data["trials"]["reason"][2] == "nan: loss & weights");
}

TEST_CASE("A reader who has trials from before is told those behind them") {
  ReportInput three = input();
  three.choices = {{"width", IntegerInterval{1, 9, true}, {}}};
  for (Trial& trial : three.trials) trial.point = Point{{Value{int64_t{7}}}};
  for (size_t i = 0; i < 3; ++i) three.trials[i].started = 100.0 + static_cast<double>(i);
  three.trials[2].metrics.clear();
  const Json news = report_data(three, 2);
  CHECK(news["trials"]["from"] == 2);
  CHECK(news["trials"]["number"].dump() == "[2]");
  CHECK(news["trials"]["started"].dump() == "[2.0]");
  CHECK(news["trials"]["metrics"].empty());
  CHECK(news["choices"][0]["values"].dump() == "[7]");
  // More than there are, or an earlier start than all had then: everything is told again.
  CHECK(report_data(three, 4)["trials"]["from"] == 0);
  three.trials[2].started = 50;
  CHECK(report_data(three, 2)["trials"]["started"].dump() == "[50.0,51.0,0.0]");
}

TEST_CASE("A supernet's mixture is kept epoch by epoch, a damaged one passed over") {
  ReportInput search = input();
  search.supernets = {
      {0, Json::parse(R"({"groups": [{"name": "normal", "options": ["a", "b"]}], "epochs": [
          {"epoch": 1, "metrics": {"architecture_entropy": 0.69}, "arch": "x",
           "probabilities": {"normal": [[0.5, 0.5]]}}]})")},
      {1, Json::parse(R"({"groups": 3})")}};
  const Json supernets = report_data(search)["supernets"];
  REQUIRE(supernets.size() == 1);
  CHECK(supernets[0]["groups"][0]["epochs"].dump() == "[[[0.5,0.5]]]");
  CHECK(supernets[0]["metrics"]["architecture_entropy"].dump() == "[0.69]");
}

TEST_CASE("Energy and money are estimated from the prices that are given, and only then") {
  ReportInput priced = input();
  for (auto& trial : priced.trials) trial.seconds = 1200;  // an hour in all
  CHECK(render_spending(priced).find("kWh</td>") == std::string::npos);
  priced.costs = {.price_per_hour = 2, .power = 500, .price_per_kwh = 0.4, .currency = "E<R"};
  CHECK_THAT(render_spending(priced), ContainsSubstring("<td>0.5 kWh</td><td>2.20 E&lt;R</td>"));
}

TEST_CASE("Failures of one reason are one row, the most frequent first") {
  std::vector<Trial> trials(4);
  for (size_t i = 0; i < 4; ++i) trials[i].number = static_cast<int64_t>(i);
  trials[0].failure = Failure{"oom", "large"};
  for (size_t i = 1; i < 4; ++i) trials[i].failure = Failure{"nan", "loss"};
  const std::string html = render_failures(trials);
  CHECK(html.find("nan: loss") < html.find("oom: large"));
  CHECK_THAT(html, ContainsSubstring("1, 2, 3"));
}

TEST_CASE("Pruning, int8 and exports are told before and after") {
  ReportInput made = input();
  made.pruned = Json::parse(R"({"prunings": [{}], "mean": {
      "before": {"parameters": 1000, "test_accuracy": 99}, "after": {"parameters": 250,
      "test_accuracy": 98.5}}})");
  made.int8 = Json::parse(R"({"examples": 359, "test_accuracy": 99, "int8_test_accuracy": 98,
      "agreement": 99.5, "trained_for_int8": false, "layers": [{"name": "stem", "layer": "conv",
      "range": [0, 1], "values_db": 40.2, "weights_db": null, "beyond_percent": 0.1,
      "sensitivity": 0.002}]})");
  made.exports = {{"network.onnx", 12345}};
  const std::string html = render_compression(made);
  for (const char* part :
       {"25.0 %", "-0.50 points", "98.00 %", "stem", "40.2", "exact", "network.onnx", "12.3K"}) {
    CHECK_THAT(html, ContainsSubstring(part));
  }
  made.pruned = made.int8 = "text";
  made.exports.clear();
  CHECK(render_compression(made).empty());
}

TEST_CASE("Every element of a report that is opened is closed") {
  std::string html = render_report(input());
  html.erase(html.find("<script"));
  for (const std::string name :
       {"section", "details", "table", "tr", "td", "svg", "pre", "p", "div", "span"}) {
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

TEST_CASE("A report of a run without any score is a page too") {
  ReportInput empty = input();
  empty.trials.clear();
  empty.architectures.clear();
  empty.drawn.clear();
  empty.best = nullptr;
  CHECK_THAT(render_report(empty), ContainsSubstring("0 of 0 trials gave a score"));
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

TEST_CASE("A warning is a line of its own that stays") {
  const std::string text = printed(Place::terminal, {}, [](RunObserver& observer) {
    observer.trial_started(scored(0, 0));
    observer.warned("passed over");
  });
  CHECK_THAT(text, ContainsSubstring("\033[J"
                                     "warning: passed over\n"));
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

TEST_CASE("Once the search is over its pace is no longer told") {
  const std::vector<Trial> before{scored(0, 99), scored(1, 80), scored(2, 70)};
  const std::string text = printed(Place::terminal, before, [](RunObserver& observer) {
    observer.trial_started(scored(3, 0));
    observer.trial_finished(scored(3, 91.5));
  });
  CHECK_THAT(text, ContainsSubstring("4 of 4 trials, best 99.000 (trial 0)\n"));
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
