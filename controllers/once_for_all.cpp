#include "controllers/once_for_all.hpp"

#include <fmt/core.h>

#include <utility>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

class OnceForAll : public Controller {
 public:
  OnceForAll(const OnceForAllOptions& options, const SearchContext& context)
      : context_(context), evolution_(options.evolution, context.space.choices()) {}

  std::optional<Proposal> ask(int64_t number) override {
    if (number == 0) return Proposal{Job::supernet, std::nullopt};
    if (!trained_) return std::nullopt;
    RandomStream random(context_.seed, "once_for_all", static_cast<uint64_t>(number));
    auto point = evolution_.ask(random);
    if (!point) return std::nullopt;
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override {
    if (trial.job == Job::supernet) {
      trained_ = trial.state == TrialState::complete;
    } else if (trial.point) {
      evolution_.tell(*trial.point, finite_utility(context_.objectives.front(), trial));
    }
  }

  std::string save() const override {
    return Json{{"trained", trained_}, {"evolution", evolution_.save()}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    trained_ = json.at("trained").get<bool>();
    evolution_.load(json.at("evolution"));
  }

 private:
  SearchContext context_;
  EliteEvolution evolution_;
  bool trained_ = false;
};

void describe_schedule(Section& section, ShrinkingPhase& phase) {
  section.integer("epochs", phase.epochs, {1, 100'000, "epochs"}, "length");
  section.real("warmup_epochs", phase.warmup_epochs, {0, 100'000, "epochs"},
               "the learning rate first rises linearly for so long");
  section.real("learning_rate", phase.learning_rate, {0, 1e3, ""},
               "largest; falls to 0 by a cosine");
  if (phase.warmup_epochs > static_cast<double>(phase.epochs)) {
    section.mistake("warmup_epochs", fmt::format("is longer than {} epochs", phase.epochs));
  }
}

void describe_openings(Section& section, std::vector<Opening>& openings) {
  std::vector<std::pair<std::string, std::string>> texts;
  texts.reserve(openings.size());
  for (const auto& [pattern, options] : openings) {
    texts.emplace_back(pattern, options == 0 ? "all" : fmt::format("{}", options));
  }
  section.scalars("open", texts,
                  "choices set free, by name with * for any text, and how many of their largest "
                  "options: a number or all");
  openings.clear();
  for (const auto& [pattern, text] : texts) {
    const auto number = text == "all" ? 0 : parse_integer(text).value_or(-1);
    if (number < 0 || text == "0") {
      section.mistake("open", fmt::format("{}: found '{}', expected a number of at least 1, or all",
                                          pattern, text));
    }
    openings.push_back({pattern, number});
  }
}

void describe(Section& section, ShrinkingPhase& phase) {
  describe_schedule(section, phase);
  section.integer("networks", phase.networks, {0, 1000, ""}, "random networks of each step");
  describe_openings(section, phase.open);
}

}  // namespace

OnceForAllOptions::OnceForAllOptions() {
  optimizer.weight_decay = 3e-5;
  phases = {{125, 5, 0.03, 1, {{"*kernel", 0}}},
            {25, 0, 0.0025, 2, {{"*depth", 2}}},
            {125, 5, 0.0075, 2, {{"*depth", 0}}},
            {25, 0, 0.0025, 4, {{"*expansion", 2}}},
            {125, 5, 0.0075, 4, {{"*expansion", 0}}}};
}

void describe(Section& section, OnceForAllOptions& options) {
  section.section("largest", "training of the largest network, which comes first",
                  [&](Section& largest) { describe_schedule(largest, options.largest); });
  std::vector<ShrinkingPhase> given;
  section.items("phases", "what follows, one after another",
                [&](Section& item) { describe(item, given.emplace_back()); });
  if (!given.empty()) options.phases = std::move(given);
  section.integer("batch_size", options.batch_size, {1, 1 << 20, "examples"}, "examples a step");
  section.section("optimizer", "what turns gradients into steps",
                  [&](Section& optimizer) { describe(optimizer, options.optimizer); });
  section.real("label_smoothing", options.label_smoothing, {0, 0.999, ""},
               "share of a label spread over all classes");
  section.real("gradient_clip", options.gradient_clip, {0, 1e9, ""},
               "largest norm of all gradients together; 0: no clipping");
  section.real("distillation", options.distillation, {0, 1e3, ""},
               "weight of what the largest network says beside the labels; 0: none");
  section.boolean("sandwich", options.sandwich,
                  "each step trains the largest and the smallest network, too");
  section.boolean("kernel_transforms", options.kernel_transforms,
                  "smaller kernels are learned functions of larger ones");
  section.boolean("sort_channels", options.sort_channels,
                  "by importance before a phase that takes some away");
  section.section("augment", "changes to training images",
                  [&](Section& augment) { describe(augment, options.augment); });
  section.section("evolution", "what is searched by afterwards",
                  [&](Section& evolution) { describe(evolution, options.evolution); });
}

std::unique_ptr<Controller> make_once_for_all(const OnceForAllOptions& options,
                                              const SearchContext& context) {
  return std::make_unique<OnceForAll>(options, context);
}

}  // namespace nas
