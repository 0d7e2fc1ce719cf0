#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controllers/darts.hpp"
#include "controllers/enas.hpp"
#include "controllers/once_for_all.hpp"
#include "controllers/registry.hpp"
#include "controllers/stopping_registry.hpp"
#include "nas/compress/prune_config.hpp"
#include "nas/config/component.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json_fwd.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/evaluate/example_values.hpp"
#include "nas/evaluate/network_outputs.hpp"
#include "nas/evaluate/zero_cost/options.hpp"
#include "nas/export/export_config.hpp"
#include "nas/export/trained_network.hpp"
#include "nas/hardware/network_meter.hpp"
#include "nas/quantize/quantize_config.hpp"
#include "nas/reinforce/cooling_options.hpp"
#include "nas/report/report_config.hpp"
#include "nas/run/cluster_config.hpp"
#include "nas/run/experiment_config.hpp"
#include "nas/search/controller.hpp"
#include "nas/search/evaluator.hpp"
#include "nas/search/space.hpp"
#include "nas/train/fine_tune_config.hpp"
#include "nas/train/one_shot_config.hpp"
#include "nas/train/retrain_config.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

struct BenchRequest;
struct Experiment;
struct ProcessRank;
struct Program;
struct PruneRequest;
struct QuantizeRequest;
struct ServeRequest;
struct TrainRequest;

/// Benchmarks that need LibTorch (tools/bench); null in the program without it.
struct TensorBenchmarks {
  Json (*train_step)(const BenchRequest&, const Program&) = nullptr;
  Json (*epoch)(const BenchRequest&, const Program&) = nullptr;
  Json (*kernels)(const BenchRequest&, const Program&) = nullptr;
  Json (*supernet_step)(const BenchRequest&, const Program&) = nullptr;
  Json (*latency_table)(const BenchRequest&, const Program&) = nullptr;
};

/// Where the processes wait that torchrun or srun started beside the one that leads.
class MeetingPlace {
 public:
  virtual ~MeetingPlace() = default;
  /// Sends them home: nothing more comes. Without this they take the leader for dead.
  virtual void close(ExitStatus status) = 0;
};

/// Everything that needs LibTorch, as functions that are null in the program without it. This is
/// all that tells `nas` from `nas-tensor`.
struct TensorParts {
  TensorControllers controllers;
  std::unique_ptr<Evaluator> (*train)(const TrainConfig&, const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*retrain)(const TrainConfig&, const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*compressed_train)(const CompressedTrainConfig&,
                                                 const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*compressed_retrain)(const CompressedTrainConfig&,
                                                   const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*cooling)(const CoolingOptions&, const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*cooling_test)(const CoolingOptions&,
                                             const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*one_shot)(const OneShotConfig&, const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*enas)(const EnasOptions&, const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*once_for_all)(const OnceForAllOptions&,
                                             const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*darts)(const DartsOptions&, const EvaluatorContext&) = nullptr;
  std::unique_ptr<NetworkMeter> (*meter)(const HardwareConfig&,
                                         const std::vector<std::string>& metrics) = nullptr;
  TensorBenchmarks benchmarks;
  std::vector<float> (*network_outputs)(const NetworkPlan&, const Weights&, const Shape&,
                                        const std::vector<float>& samples) = nullptr;
  void (*observe_values)(const NetworkPlan&, const Weights&, const Shape&,
                         const std::vector<float>& samples, const ValueListener&) = nullptr;
  ExampleValues (*example_values)(const DataConfig&, ExampleSplit, const std::vector<double>& mean,
                                  const std::vector<double>& deviation, int64_t most) = nullptr;
  ScriptTools scripts;
  std::unique_ptr<Evaluator> (*zero_cost)(const ZeroCostOptions&,
                                          const EvaluatorContext&) = nullptr;
  std::unique_ptr<Evaluator> (*screened)(std::unique_ptr<Evaluator>, const ScreenOptions&,
                                         const EvaluatorContext&) = nullptr;
  /// Runs `nas prune`; returns what it wrote to metrics.json.
  Json (*prune_command)(const PruneRequest&) = nullptr;
  /// Runs `nas quantize`.
  void (*quantize_command)(const QuantizeRequest&) = nullptr;
  /// Runs `nas train`; returns its metrics as JSON text.
  std::string (*train_command)(const TrainRequest&) = nullptr;
  /// Serves assignments of the run in a folder over standard input and output.
  int (*worker_command)(const ServeRequest&) = nullptr;
  /// Is one of the processes that train together, but not the one that leads.
  void (*join_training)(const Experiment&, const ProcessRank&) = nullptr;
  /// Where those meet that torchrun or srun started.
  std::unique_ptr<MeetingPlace> (*open_meeting_place)(const ProcessRank&,
                                                      double patience) = nullptr;

  /// What `nas doctor` asks: {"cpu": {...}, "cuda": [{...}, ...]}, each as describe_device().
  Json (*devices_command)() = nullptr;

  bool present() const { return train != nullptr; }
};

/// Why those of a policy are refused.
inline constexpr std::string_view kPoliciesSeeNoPictures =
    "pruning and quantization take pictures, policies see none";

/// A configuration with its names turned into what makes the objects.
struct Experiment {
  /// The evaluator of a configuration that names none; empty: that is a mistake.
  std::string_view usual_evaluator;
  /// Likewise.
  std::string_view usual_controller;
  ExperimentConfig config;
  Component<Space, TaskShape> space;
  Component<Controller, const SearchContext&> controller;
  Component<Evaluator, const EvaluatorContext&> evaluator;
  /// Empty, or makes nothing, where every trial goes on to its end.
  Maker<StoppingRule, const Objective&> stopping;
  /// What trains the supernet that the controller asks for; empty for other controllers.
  Maker<Evaluator, const EvaluatorContext&> supernet;
  bool trains_supernet = false;
  /// The processes that train it; nothing where that is the work of one.
  std::optional<TogetherConfig> search_together;
  /// What scores the points of a screening that comes before the controller; empty where none does.
  Maker<Evaluator, const EvaluatorContext&> screen;
  bool screens = false;
  /// Names of metrics that the evaluator's scores can have, beside counts and what is measured;
  /// empty where they are not known beforehand.
  std::function<std::vector<std::string>(const Space&)> score_names;
  /// Of an evaluator of type train.
  TrainConfig training;
  /// Of an evaluator of type cooling.
  CoolingOptions cooling;
  std::optional<RetrainConfig> retrain;
  /// What retrains and tests; empty where networks are trained on `data`.
  Maker<Evaluator, const EvaluatorContext&> retrain_evaluator;
  /// The same of points that say how their networks are made smaller.
  Maker<Evaluator, const EvaluatorContext&> retrain_compressed;
  std::optional<PruneConfig> prune;
  /// Where the retrained network has other options (more cells and channels): the same choices.
  Maker<Space, TaskShape> retrain_space;
  /// What the best network is written as at the end; nothing where the stage is not asked for.
  std::optional<ExportConfig> exports;
  std::optional<QuantizeConfig> quantization;
  /// Nothing where it is quantized after training alone.
  std::optional<FineTuneConfig> quantization_training;
  /// Whether the stage `report` is asked for; on unless `stages` is given without it.
  bool report = true;
  ReportConfig report_config;
  /// Where nas submit runs it; nothing where the configuration does not say.
  std::optional<ClusterConfig> cluster;
  /// Trials are looked up, in this process and within microseconds.
  bool immediate() const;
  /// Trials are scored by worker processes of the program without LibTorch.
  bool light_workers() const;
  /// The configuration with every default filled in, but for `cluster`: a run is the same wherever
  /// it goes on, and may be given more time or memory there.
  std::string resolved;
  /// What it was read from.
  std::filesystem::path file;
  std::vector<std::string> overrides;

  /// Candidates are policies that learn to cool a data hall.
  bool cools() const;
  /// Epochs of a trial that is given no budget; 0: the evaluator does not say.
  Budget own_budget() const;
  int64_t lag() const { return config.lag > 0 ? config.lag : immediate() ? 1 : 8; }
  /// The space for the shape of the data, or for the space's own options where nothing is trained.
  std::unique_ptr<Space> make_space() const;
  std::unique_ptr<Space> make_retrain_space() const;
  /// Candidates are scored with shared weights, which the evaluator itself trains first.
  bool shares_weights() const { return evaluator.type == "one_shot" && !trains_supernet; }
  /// What picks the candidates, after the training of weights that they share where they do.
  std::unique_ptr<Controller> make_controller(const SearchContext& context) const;
  /// Throws ConfigError where a parameter of the space is none of the training's, where points to
  /// be trained describe no networks, where points that are to share weights have none to share,
  /// where an outside program is to score, or where an objective or a constraint names what nothing
  /// reports.
  void check_settings() const;
  /// Throws ConfigError where the controller would give more epochs than the training has.
  void check_budgets(const Controller& controller) const;
  /// What scores a candidate; to be called only where this program has it. `parts` measure what
  /// device_metrics() names.
  std::unique_ptr<Evaluator> make_evaluator(const EvaluatorContext& context,
                                            const TensorParts& parts) const;
  /// What scores a screened point, with those constraints that its network's counts can break.
  std::unique_ptr<Evaluator> make_screen(const EvaluatorContext& context) const;
};

/// Throws ConfigError where the network of a point, if it describes one, does not fit the data's
/// examples.
void check_network(const Space& space, const Point& point);

Experiment read_experiment(const std::filesystem::path& file,
                           std::span<const std::string> overrides, const TensorParts& parts);

/// The same for a search that an outside program asks: it needs no evaluator.
Experiment read_outside_experiment(const std::filesystem::path& file,
                                   std::span<const std::string> overrides,
                                   const TensorParts& parts);

/// The same where nothing but the space is asked for: it needs neither evaluator nor controller.
Experiment read_space_experiment(const std::filesystem::path& file,
                                 std::span<const std::string> overrides, const TensorParts& parts);

/// Describes a whole experiment to a Section: what read_experiment reads, and what the manual
/// lists.
void describe(Section& section, Experiment& experiment, const TensorParts& parts);

/// The kinds of evaluator; the experiment receives the options of types train and cooling.
Registry<Evaluator, const EvaluatorContext&> evaluator_registry(const TensorParts& parts,
                                                                Experiment& experiment);

}  // namespace nas
