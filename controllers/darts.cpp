#include "controllers/darts.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "controllers/derived_points.hpp"
#include "nas/config/section.hpp"

namespace nas {

PDartsOptions::PDartsOptions() {
  epochs = 25;
  batch_size = 96;
  final_learning_rate = 0;
  architecture_learning_rate = 6e-4;
  architecture_warmup = 10;
  stages = {{5, 8, 0, 0}, {11, 5, 0.4, 0}, {17, 3, 0.7, 0}};
  most_skips = 2;
}

PcDartsOptions::PcDartsOptions() {
  batch_size = 256;
  learning_rate = 0.1;
  final_learning_rate = 0;
  architecture_learning_rate = 6e-4;
  architecture_warmup = 15;
  partial_channels = 4;
  edge_normalization = true;
}

GdasOptions::GdasOptions() {
  mixture = MixtureKind::gumbel_hard;
  temperature = 10;
  final_temperature = 0.1;
  guard.iterations = 0;  // it would need all options in memory
}

SnasOptions::SnasOptions() {
  mixture = MixtureKind::gumbel_soft;
  final_temperature = 0.03;
}

DrnasOptions::DrnasOptions() {
  mixture = MixtureKind::dirichlet;
  stage_start = StageStart::widened;
}

ProxylessOptions::ProxylessOptions() {
  mixture = MixtureKind::binary_paths;
  epochs = 160;
  architecture_warmup = 40;
  learning_rate = 0.05;
  final_learning_rate = 0;
  weight_decay = 4e-5;
  architecture_learning_rate = 1e-3;
  architecture_weight_decay = 0;
  architecture_beta1 = 0;  // options that were not drawn stay where they are
  guard.iterations = 0;    // it would need all options in memory
}

void describe(Section& section, CostTerm& cost) {
  static constexpr std::array kNames{
      std::pair{std::string_view("multiply_adds"), CostTerm::Of::multiply_adds},
      std::pair{std::string_view("parameters"), CostTerm::Of::parameters},
      std::pair{std::string_view("latency"), CostTerm::Of::latency}};
  section.one_of("of", cost.of, kNames, "what is counted");
  section.real("weight", cost.weight, {0, 1e6, ""}, "of the expected cost in the loss; 0: none");
  section.path("table", cost.table, "latency: the table of `nas bench latency-table`");
  if (cost.of == CostTerm::Of::latency && cost.table.empty()) {
    section.mistake("table", "found none, expected a latency table where the cost is of latency");
  }
}

void describe(Section& section, CollapseGuard& guard) {
  section.integer("iterations", guard.iterations, {0, 1000, ""},
                  "an epoch on the dominant eigenvalue of the Hessian; 0: not followed");
  section.real("eigenvalue_ratio", guard.eigenvalue_ratio, {0, 1, ""},
               "ends the search where the eigenvalue was less than this share; 0: never");
  section.integer("window", guard.window, {1, 1000, "epochs"}, "the eigenvalue's mean is over");
  section.integer("skip_connections", guard.skip_connections, {-1, 1000, ""},
                  "ends the search when the derived point has more; -1: never");
}

namespace {

void describe_temperatures(Section& section, DartsOptions& options) {
  section.real("temperature", options.temperature, {1e-3, 1e3, ""}, "of the mixture, at first");
  section.real("final_temperature", options.final_temperature, {1e-3, 1e3, ""},
               "of the mixture, at the end");
}

}  // namespace

void describe(Section& section, PDartsOptions& options) {
  describe(section, static_cast<DartsOptions&>(options));
  std::vector<SearchStage> given;
  section.items("stages", "supernets one after another", [&](Section& item) {
    SearchStage& stage = given.emplace_back();
    item.integer("cells", stage.cells, {0, 200, ""}, "of the supernet; 0: as the space says");
    item.integer("operations", stage.operations, {0, 1000, ""}, "left on each edge; 0: all");
    item.real("skip_dropout", stage.skip_dropout, {0, 1, ""},
              "probability at first that a skip connection is dropped for a sample");
  });
  if (!given.empty()) options.stages = given;
  section.integer("most_skips", options.most_skips, {-1, 1000, ""},
                  "skip connections that the first kind of cell may have; -1: any number");
}

void describe(Section& section, DrnasOptions& options) {
  describe(section, static_cast<DartsOptions&>(options));
  section.real("divergence", options.divergence, {0, 1e6, ""},
               "weight of the divergence from the uniform Dirichlet, summed over edges");
  std::vector<SearchStage> given;
  section.items("stages", "of `epochs` each, the weights going on; none: one", [&](Section& item) {
    SearchStage& stage = given.emplace_back();
    item.integer("operations", stage.operations, {0, 1000, ""}, "left on each edge; 0: all");
    item.integer("partial_channels", stage.partial_channels, {0, 64, ""},
                 "one in so many channels goes through the mixed operations; 0: as above");
  });
  if (!given.empty()) options.stages = given;
}

void describe(Section& section, GdasOptions& options) {
  describe(section, static_cast<DartsOptions&>(options));
  describe_temperatures(section, options);
}

void describe(Section& section, SnasOptions& options) {
  describe(section, static_cast<DartsOptions&>(options));
  describe_temperatures(section, options);
}

void describe(Section& section, DartsOptions& options) {
  section.integer("order", options.order, {1, 2, ""}, "order of the architecture's gradient");
  section.integer("epochs", options.epochs, {1, 100'000, "epochs"}, "length of the search");
  section.integer("batch_size", options.batch_size, {1, 1 << 20, "examples"}, "examples a step");
  section.real("learning_rate", options.learning_rate, {0, 100, ""}, "of the weights, at first");
  section.real("final_learning_rate", options.final_learning_rate, {0, 100, ""},
               "of the weights, at the end of the cosine");
  section.real("momentum", options.momentum, {0, 1, ""}, "of the weights");
  section.real("weight_decay", options.weight_decay, {0, 10, ""}, "of the weights");
  section.real("gradient_clip", options.gradient_clip, {0, 1e9, ""},
               "largest norm of the weights' gradient; 0: no clipping");
  section.real("architecture_learning_rate", options.architecture_learning_rate, {0, 100, ""},
               "of the architecture (Adam)");
  section.real("architecture_weight_decay", options.architecture_weight_decay, {0, 10, ""},
               "of the architecture");
  section.integer("architecture_warmup", options.architecture_warmup, {0, 100'000, "epochs"},
                  "at the start that train the weights alone");
  section.integer("partial_channels", options.partial_channels, {1, 64, ""},
                  "one in so many channels goes through the mixed operations");
  section.boolean("edge_normalization", options.edge_normalization,
                  "learns weights for the edges into a node");
  section.real("train_portion", options.train_portion, {0.01, 0.99, ""},
               "share of the training split that trains the weights");
  section.integer("restarts", options.restarts, {1, 1000, ""}, "independent searches");
  section.section("cost", "what options cost beside their loss",
                  [&](Section& cost) { describe(cost, options.cost); });
  section.section("augment", "changes to training images",
                  [&](Section& augment) { describe(augment, options.augment); });
  section.section("guard", "when a search is taken for collapsed",
                  [&](Section& guard) { describe(guard, options.guard); });
  describe(section, options.together);
}

std::unique_ptr<Controller> make_darts(const DartsOptions& options, const SearchContext& context) {
  return make_derived_points(options.restarts, context);
}

}  // namespace nas
