#pragma once

#include <fmt/core.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "controllers/history.hpp"
#include "controllers/registry.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"
#include "nas/search/space.hpp"
#include "tests/controllers/tensor_controllers.hpp"

namespace nas::testing {

/// Points over a few choices; no network.
class PlainSpace : public Space {
 public:
  explicit PlainSpace(Choices choices) : choices_(std::move(choices)) {}
  std::string_view name() const override { return "plain"; }
  const Choices& choices() const override { return choices_; }
  std::string text(const Point& point) const override { return packed(point).dump(); }
  Point parse(std::string_view text) const override {
    return unpacked(choices_, Json::parse(text));
  }
  TaskShape task() const override { return {}; }
  std::optional<NetworkPlan> network(const Point&) const override { return std::nullopt; }

 private:
  Choices choices_;
};

/// From what stands between the braces of `controller: {...}`.
inline std::unique_ptr<Controller> make_controller(const std::string& config,
                                                   const SearchContext& context) {
  Component<Controller, const SearchContext&> component;
  read_config_text("controller: {" + config + "}", "test", {}, [&](Section& section) {
    component =
        read_component(section, "controller", "", controller_registry(tensor_controllers()));
  });
  return component.make ? component.make(context) : nullptr;
}

/// `type` and what it has no default for: points for all trials of the longest search in these
/// tests.
inline std::string least_config(const std::string& type, const Space& space) {
  if (type != "given") return "type: " + type;
  RandomStream random(3, "test.given");
  std::string texts;
  for (int i = 0; i < 160; ++i) {
    texts += fmt::format("'{}', ", space.text(sample(space.choices(), random)));
  }
  return fmt::format("type: given, architectures: [{}]", texts);
}

/// Metrics of a point; none where it fails.
using Score = std::function<Metrics(const Point&)>;

/// The trials of a search, at most `count`, each proposal made in the sight of all but the newest
/// lag - 1 results.
inline std::vector<Trial> search(Controller& controller, int64_t count, int64_t lag,
                                 const Score& score) {
  std::vector<Trial> trials;
  int64_t told = 0;
  const auto tell_next = [&] { controller.tell(trials[static_cast<size_t>(told++)]); };
  for (int64_t n = 0; n < count; ++n) {
    while (told < n - lag + 1) tell_next();
    auto proposal = controller.ask(n);
    for (; !proposal && told < n; proposal = controller.ask(n)) tell_next();
    if (!proposal) break;
    Trial trial;
    trial.number = n;
    trial.point = proposal->point;
    trial.budget = proposal->budget;
    trial.continues = proposal->continues;
    trial.metrics = score(*proposal->point);
    trial.state = trial.metrics.empty() ? TrialState::failed : TrialState::complete;
    if (trial.metrics.empty()) trial.failure = Failure{"constraint", ""};
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace nas::testing
