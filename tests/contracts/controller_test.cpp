#include "controllers/registry.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Points over a few choices; no network.
class PlainSpace : public Space {
 public:
  explicit PlainSpace(Choices choices) : choices_(std::move(choices)) {}
  std::string_view name() const override { return "plain"; }
  const Choices& choices() const override { return choices_; }
  std::string text(const Point&) const override { return "point"; }
  Point parse(std::string_view) const override { throw InputError("no text form"); }
  TaskShape task() const override { return {}; }
  std::optional<NetworkPlan> network(const Point&) const override { return std::nullopt; }

 private:
  Choices choices_;
};

Choices rich_choices() {
  return {{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
          {"width", IntegerInterval{1, 40, true}, Condition{0, {1, 2}}},
          {"depth", IntegerInterval{0, 5}, std::nullopt}};
}

std::unique_ptr<Controller> make(const std::string& type, const SearchContext& context) {
  Component<Controller, const SearchContext&> component;
  read_config_text("controller: {type: " + type + "}", "test", {}, [&](Section& section) {
    component = read_component(section, "controller", "", controller_registry({}));
  });
  return component.make ? component.make(context) : nullptr;
}

/// A finished trial with a score that depends on the point; every fifth fails.
Trial finished(int64_t number, const Proposal& proposal) {
  Trial trial;
  trial.number = number;
  trial.job = proposal.job;
  trial.point = proposal.point;
  trial.state = TrialState::complete;
  if (number % 5 == 4) {
    trial.state = TrialState::failed;
    trial.failure = Failure{"nan", ""};
  } else if (proposal.job == Job::evaluate) {
    trial.metrics["validation_accuracy"] =
        static_cast<double>(std::get<int64_t>(proposal.point->values[0]));
  } else {
    trial.point = Point{{int64_t{1}, int64_t{3}, int64_t{2}}};
  }
  return trial;
}

struct Session {
  const Space& space;
  Objectives objectives{Objective{}};
  std::string type;
  int64_t lag = 1;

  /// Proposals 0 .. count - 1; saved and loaded into a fresh controller before trial `reload`.
  std::vector<Proposal> run(int64_t count, int64_t reload) const {
    const SearchContext context{space, objectives, 7};
    auto controller = make(type, context);
    std::vector<Proposal> proposals;
    for (int64_t n = 0, told = 0; n < count; ++n) {
      if (n == reload) {
        const std::string bytes = controller->save();
        controller = make(type, context);
        controller->load(bytes);
      }
      for (; told < n - lag + 1; ++told)
        controller->tell(finished(told, proposals[static_cast<size_t>(told)]));
      auto proposal = controller->ask(n);
      while (!proposal && told < n) {
        controller->tell(finished(told, proposals[static_cast<size_t>(told)]));
        ++told;
        proposal = controller->ask(n);
      }
      if (!proposal) break;
      proposals.push_back(*proposal);
    }
    return proposals;
  }
};

std::vector<std::string> light_controllers() {
  std::vector<std::string> names;
  for (const auto& row : controller_registry({})) {
    if (row.name != "reinforce") names.emplace_back(row.name);
  }
  return names;
}

bool same(const std::vector<Proposal>& a, const std::vector<Proposal>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.job == y.job && x.point == y.point;
  });
}

TEST_CASE("Every controller goes on bit for bit from its saved state, at any moment and lag") {
  const PlainSpace space(rich_choices());
  for (const auto& type : light_controllers()) {
    const int64_t lag = GENERATE(1, 8);
    const Session session{space, {Objective{}}, type, lag};
    const auto undisturbed = session.run(160, -1);
    REQUIRE_FALSE(undisturbed.empty());
    for (const int64_t reload : {1, 9, 101, 130}) {
      INFO(type << " reloaded at " << reload << " with lag " << lag);
      CHECK(same(undisturbed, session.run(160, reload)));
    }
  }
}

TEST_CASE("Every controller proposes valid points, also in a space of a single point") {
  const PlainSpace rich(rich_choices());
  const PlainSpace single({{"op", Categorical{{"only"}}, std::nullopt},
                           {"width", IntegerInterval{3, 3}, std::nullopt},
                           {"depth", IntegerInterval{0, 0}, std::nullopt}});
  for (const auto& type : light_controllers()) {
    for (const Space* space :
         {static_cast<const Space*>(&rich), static_cast<const Space*>(&single)}) {
      if (type == "darts" && space == &single) continue;  // its point comes from the supernet
      INFO(type);
      for (const auto& proposal : Session{*space, {Objective{}}, type, 1}.run(130, -1)) {
        if (proposal.point) CHECK_NOTHROW(check(space->choices(), *proposal.point));
      }
    }
  }
}

TEST_CASE("Evolution leaves bad points behind, and dropping its state is noticed") {
  const PlainSpace space(rich_choices());
  const Session session{space, {Objective{}}, "regularized_evolution", 1};
  const auto proposals = session.run(600, -1);
  int64_t best = 0;
  for (size_t n = 500; n < 600; ++n)
    best += std::get<int64_t>(proposals[n].point->values[0]) == 2 ? 1 : 0;
  CHECK(best > 50);  // a third at random
  const SearchContext context{space, session.objectives, 7};
  const auto forgetful = make("regularized_evolution", context);
  CHECK_FALSE(forgetful->ask(300)->point == proposals[300].point);
}

TEST_CASE("DARTS proposes a supernet, waits for it, then evaluates what it derived once") {
  const PlainSpace space(rich_choices());
  const Objectives objectives{Objective{}};
  const auto darts = make("darts", {space, objectives, 7});
  CHECK(darts->ask(0)->job == Job::supernet);
  CHECK_FALSE(darts->ask(1));
  darts->tell(finished(0, {Job::supernet, std::nullopt}));
  CHECK(darts->ask(1)->point == Point{{int64_t{1}, int64_t{3}, int64_t{2}}});
  CHECK_FALSE(darts->ask(2));
}

}  // namespace
}  // namespace nas
