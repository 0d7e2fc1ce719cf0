#include "tools/assemble.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "controllers/supernet_first.hpp"
#include "nas/config/yaml_parser.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/config/yaml_writer.hpp"
#include "nas/core/error.hpp"
#include "nas/evaluate/command.hpp"
#include "nas/evaluate/complete_score.hpp"
#include "nas/evaluate/measured.hpp"
#include "nas/evaluate/table.hpp"
#include "nas/search/compression.hpp"
#include "search_spaces/registry.hpp"
#include "tools/check_metrics.hpp"
#include "tools/measuring.hpp"
#include "tools/zero_cost_sections.hpp"

namespace nas {
namespace {

constexpr std::string_view kOutside = "outside";
constexpr std::string_view kCluster = "cluster";
constexpr std::string_view kCooling = "cooling";

/// Controllers that train a supernet, by the same names as in the controllers' registry; their
/// section is described a second time, for the part that owns tensors.
Registry<Evaluator, const EvaluatorContext&> differentiable_registry(const TensorParts& parts) {
  return {{"darts", "differentiable search", configured_by<DartsOptions>(parts.darts)},
          {"p_darts", "differentiable search", configured_by<PDartsOptions>(parts.darts)},
          {"pc_darts", "differentiable search", configured_by<PcDartsOptions>(parts.darts)},
          {"gdas", "differentiable search", configured_by<GdasOptions>(parts.darts)},
          {"snas", "differentiable search", configured_by<SnasOptions>(parts.darts)},
          {"proxyless", "differentiable search", configured_by<ProxylessOptions>(parts.darts)},
          {"drnas", "differentiable search", configured_by<DrnasOptions>(parts.darts)}};
}

Registry<Evaluator, const EvaluatorContext&> supernet_registry(const TensorParts& parts) {
  return {{"enas", "policy over shared weights", configured_by<EnasOptions>(parts.enas)},
          {"once_for_all", "progressive shrinking",
           configured_by<OnceForAllOptions>(parts.once_for_all)}};
}

/// The `configure` of an evaluator whose options say which metrics its scores can have.
template <class Options>
auto configured_with_names(Experiment& experiment,
                           std::unique_ptr<Evaluator> (*make)(const Options&,
                                                              const EvaluatorContext&),
                           std::vector<std::string> (*names)(const Options&)) {
  return [&experiment, make, names](Section& section) -> Maker<Evaluator, const EvaluatorContext&> {
    Options options;
    describe(section, options);
    experiment.score_names = [names, options](const Space&) { return names(options); };
    if (make == nullptr) return {};
    return [make, options](const EvaluatorContext& context) { return make(options, context); };
  };
}

void describe_supernet(Section& section, Experiment& experiment, const TensorParts& parts) {
  section.section("controller", "what picks the candidates", [&](Section& controller) {
    const auto take = [&](const auto& registry) {
      for (const auto& row : registry) {
        if (row.name != experiment.controller.type) continue;
        experiment.supernet = row.configure(controller);
        experiment.trains_supernet = true;
        return true;
      }
      return false;
    };
    if (take(differentiable_registry(parts))) {
      describe(controller, experiment.search_together.emplace());
    } else {
      take(supernet_registry(parts));
    }
  });
}

/// `compression` beside the options of a training: how the network goes on training once it is
/// smaller, where the points of the space say by how much.
FineTuneConfig read_compression(Section& section, const TrainConfig& training) {
  FineTuneConfig config = fine_tuning_of(training);
  if (!section.has("compression")) return config;
  section.section("compression",
                  "training of the smaller network, where points say how small: by default half of "
                  "the epochs, a tenth of the learning rate",
                  [&](Section& compression) { describe(compression, config); });
  return config;
}

/// `stages.retrain.space`: options of the retrained network, defaults of the kind where not given.
void describe_retrain_space(Section& retrain, Experiment& experiment) {
  if (!retrain.has("space")) return;
  retrain.section("space", "options of the retrained network", [&](Section& space) {
    for (const auto& row : space_registry()) {
      if (row.name == experiment.space.type) experiment.retrain_space = row.configure(space);
    }
  });
}

/// `stages.retrain` of an evaluator that learns to cool: options of the learning, by default the
/// evaluator's.
void describe_cooling_retrain(Section& retrain, Experiment& experiment, const TensorParts& parts) {
  retrain.integer("seeds", experiment.retrain->seeds, {1, 1000, "seeds"},
                  "independent trainings, for a mean and a spread");
  CoolingOptions options = experiment.cooling;
  describe(retrain, options.ppo);
  if (parts.cooling_test == nullptr) return;
  experiment.retrain_evaluator = [make = parts.cooling_test,
                                  options](const EvaluatorContext& context) {
    return make(options, context);
  };
}

void describe_retrain(Section& retrain, Experiment& experiment, const TensorParts& parts) {
  experiment.retrain.emplace();
  if (experiment.cools()) {
    return describe_cooling_retrain(retrain, experiment, parts);
  }
  experiment.retrain->training = experiment.training;
  describe(retrain, *experiment.retrain);
  const CompressedTrainConfig compressed{experiment.retrain->training,
                                         read_compression(retrain, experiment.retrain->training)};
  experiment.retrain_compressed = [make = parts.compressed_retrain,
                                   compressed](const EvaluatorContext& context) {
    return make(compressed, context);
  };
  describe_retrain_space(retrain, experiment);
}

void describe_prune(Section& stages, Experiment& experiment) {
  const bool retrains = experiment.retrain.has_value();
  if (!retrains) {
    stages.mistake("prune", "prunes retrained networks; add the stage retrain before it");
  }
  experiment.prune.emplace().fine_tuning =
      fine_tuning_of(retrains ? experiment.retrain->training : experiment.training);
  stages.section("prune", "remove channels of the retrained networks",
                 [&](Section& prune) { describe(prune, *experiment.prune); });
}

/// Of a training for int8: as of any fine-tuning, but a hundredth of the learning rate (Esser et
/// al. 2020, section 3, for 8 bits): batch norms are folded, so that nothing keeps large steps
/// small.
FineTuneConfig int8_training_of(const TrainConfig& training) {
  FineTuneConfig config = fine_tuning_of(training);
  config.training.learning_rate = training.learning_rate * 0.01;
  return config;
}

void describe_quantize(Section& stages, Experiment& experiment) {
  stages.section(
      "quantize", "the best network in int8 beside that in float32", [&](Section& quantize) {
        describe(quantize, experiment.quantization.emplace());
        if (!quantize.has("training")) return;
        experiment.quantization_training = int8_training_of(
            experiment.retrain ? experiment.retrain->training : experiment.training);
        quantize.section("training", "goes on training with numbers as int8 has them",
                         [&](Section& to) { describe(to, *experiment.quantization_training); });
      });
}

void describe_stages(Section& section, Experiment& experiment, const TensorParts& parts) {
  if (!section.has("stages")) return;
  section.section("stages", "what follows the search", [&](Section& stages) {
    experiment.report = stages.has("report");
    if (experiment.report) {
      stages.section("report", "write report.html",
                     [&](Section& report) { describe(report, experiment.report_config); });
    }
    if (stages.has("export")) {
      stages.section("export", "write the best network for other programs",
                     [&](Section& exports) { describe(exports, experiment.exports.emplace()); });
    }
    if (stages.has("retrain")) {
      stages.section("retrain", "train the best point from scratch, then test it",
                     [&](Section& retrain) { describe_retrain(retrain, experiment, parts); });
    }
    if (stages.has("prune")) describe_prune(stages, experiment);
    if (stages.has("quantize")) describe_quantize(stages, experiment);
  });
}

void read(Experiment& experiment, const std::filesystem::path& file,
          std::span<const std::string> overrides, const TensorParts& parts) {
  experiment.file = file;
  experiment.overrides.assign(overrides.begin(), overrides.end());
  experiment.resolved =
      read_config(file, overrides, [&](Section& section) { describe(section, experiment, parts); });
  if (!experiment.cluster) return;
  ConfigNode root = parse_yaml(experiment.resolved, file.string());
  std::erase_if(root.entries, [](const auto& entry) { return entry.key == kCluster; });
  experiment.resolved = write_yaml(root);
}

}  // namespace

Registry<Evaluator, const EvaluatorContext&> evaluator_registry(const TensorParts& parts,
                                                                Experiment& experiment) {
  auto configure_train = [&experiment, &training = experiment.training, make = parts.train,
                          make_compressed = parts.compressed_train,
                          make_screened = parts.screened](Section& section) {
    describe(section, training);
    const FineTuneConfig fine_tuning = read_compression(section, training);
    const auto screen = read_screen(section);
    experiment.score_names = [config = training, screen](const Space& space) {
      return trained_metrics(config, screen, space);
    };
    Maker<Evaluator, const EvaluatorContext&> maker;
    if (make != nullptr) {
      maker = [=, config = training](const EvaluatorContext& context) {
        auto evaluator = compresses(context.space) ? make_compressed({config, fine_tuning}, context)
                                                   : make(config, context);
        if (screen) evaluator = make_screened(std::move(evaluator), *screen, context);
        return evaluator;
      };
    }
    return maker;
  };
  auto configure_cooling = [&options = experiment.cooling, make = parts.cooling](Section& section) {
    describe(section, options);
    Maker<Evaluator, const EvaluatorContext&> maker;
    if (make != nullptr) {
      maker = [make, options](const EvaluatorContext& context) { return make(options, context); };
    }
    return maker;
  };
  return {{"train", "trains each candidate and scores it on the validation split", configure_train},
          {kCooling, "has each candidate learn to cool a data hall", configure_cooling},
          {"one_shot", "scores each candidate with weights that all of them share",
           configured_with_names(experiment, parts.one_shot, one_shot_metrics)},
          {"zero_cost", "scores each candidate before any training",
           configured_with_names(experiment, parts.zero_cost, zero_cost_metrics)},
          {"table", "looks each candidate up in a CSV or JSON benchmark",
           configured_with_names(experiment, make_table, table_metrics)},
          {"command", "asks an outside program, in lines of JSON",
           configured_by<CommandOptions>(make_command)},
          {kOutside, "an outside program asks for trials and tells results: nas ask, nas tell",
           [](Section&) { return Maker<Evaluator, const EvaluatorContext&>(); }}};
}

void describe(Section& section, Experiment& experiment, const TensorParts& parts) {
  describe(section, experiment.config);
  experiment.space = read_component(section, "space", "what can be chosen", space_registry());
  experiment.controller =
      read_component(section, "controller", "what picks the candidates",
                     controller_registry(parts.controllers), experiment.usual_controller);
  describe_supernet(section, experiment, parts);
  describe_warm_start(section, experiment, parts);
  experiment.evaluator =
      read_component(section, "evaluator", "what scores a candidate",
                     evaluator_registry(parts, experiment), experiment.usual_evaluator);
  if (section.has("stopping")) {
    experiment.stopping = read_component(section, "stopping", "which trials are given up early",
                                         stopping_registry(), "none")
                              .make;
  }
  describe_stages(section, experiment, parts);
  if (!section.has(kCluster)) return;
  section.section(kCluster, "where nas submit runs it; no result depends on it",
                  [&](Section& cluster) { describe(cluster, experiment.cluster.emplace()); });
}

Experiment read_experiment(const std::filesystem::path& file,
                           std::span<const std::string> overrides, const TensorParts& parts) {
  Experiment experiment;
  read(experiment, file, overrides, parts);
  return experiment;
}

Experiment read_outside_experiment(const std::filesystem::path& file,
                                   std::span<const std::string> overrides,
                                   const TensorParts& parts) {
  Experiment experiment;
  experiment.usual_evaluator = kOutside;
  read(experiment, file, overrides, parts);
  return experiment;
}

Experiment read_space_experiment(const std::filesystem::path& file,
                                 std::span<const std::string> overrides, const TensorParts& parts) {
  Experiment experiment;
  experiment.usual_evaluator = kOutside;
  experiment.usual_controller = "random";
  read(experiment, file, overrides, parts);
  return experiment;
}

bool Experiment::cools() const { return evaluator.type == kCooling; }

std::unique_ptr<Space> Experiment::make_space() const {
  if (cools()) return space.make(cooling_task());
  const bool trained =
      trains_supernet || screens ||
      (evaluator.type != "table" && evaluator.type != "command" && evaluator.type != kOutside);
  return space.make(trained ? task_shape(config.data) : TaskShape{});
}

std::unique_ptr<Controller> Experiment::make_controller(const SearchContext& context) const {
  auto made = controller.make(context);
  return shares_weights() ? make_supernet_first(std::move(made)) : std::move(made);
}

Budget Experiment::own_budget() const {
  if (cools()) return static_cast<Budget>(cooling.ppo.iterations);
  return evaluator.type == "train" ? static_cast<Budget>(training.epochs) : 0;
}

void Experiment::check_budgets(const Controller& made) const {
  if (own_budget() == 0 || made.largest_budget() <= own_budget()) return;
  throw ConfigError(
      {fmt::format("controller.max_budget: found {}, expected at most evaluator.epochs, "
                   "{}: a budget says when a training stops, and its schedule ends there",
                   made.largest_budget(), own_budget())});
}

bool Experiment::immediate() const {
  return evaluator.type == "table" && !trains_supernet && !screens && device_metrics(*this).empty();
}

bool Experiment::light_workers() const {
  return evaluator.type == "command" && !trains_supernet && !screens &&
         device_metrics(*this).empty();
}

std::unique_ptr<Evaluator> Experiment::make_evaluator(const EvaluatorContext& context,
                                                      const TensorParts& parts) const {
  auto measured = make_measured(evaluator.make(context), context.space, config.constraints,
                                make_meters(*this, parts));
  return make_complete_score(std::move(measured), config.objectives);
}

std::unique_ptr<Evaluator> Experiment::make_screen(const EvaluatorContext& context) const {
  Constraints counts = config.constraints;
  std::erase_if(counts, [](const Constraint& constraint) {
    return std::find(kCounts.begin(), kCounts.end(), constraint.metric) == kCounts.end();
  });
  return make_measured(screen(context), context.space, counts, {});
}

std::unique_ptr<Space> Experiment::make_retrain_space() const {
  if (!retrain || cools()) return make_space();
  auto made = (retrain_space ? retrain_space : space.make)(task_shape(config.data));
  const auto space_made = make_space();
  if (made->choices().size() != space_made->choices().size()) {
    throw ConfigError(
        {"stages.retrain.space: lets one choose otherwise than `space` does; only "
         "options like channels and cells may differ"});
  }
  return made;
}

}  // namespace nas
