#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/slurm.hpp"
#include "nas/run/slurm_script.hpp"
#include "tools/cluster_job.hpp"
#include "tools/measuring.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/run_options.hpp"
#include "tools/run_store.hpp"
#include "tools/set_option.hpp"

namespace nas {
namespace {

struct Options {
  std::string config;
  std::string folder;
  std::vector<std::string> overrides;
  bool dry_run = false;
};

/// Everything that `nas run` would complain of at its start, so that a job is not queued for it.
/// Controllers that own tensors are made on the node only.
Experiment read_checked(const Options& options, const Program& program) {
  Experiment experiment = read_experiment(options.config, options.overrides, program.parts);
  if (!experiment.cluster) {
    throw ConfigError(
        {fmt::format("{}: cluster: missing; it says where nas submit runs this, at least 'cluster: "
                     "{{memory: 16G}}'",
                     options.config)});
  }
  if (experiment.cluster->workers > 1 && !is_shared(experiment)) {
    throw ConfigError(
        {fmt::format("{}: cluster.workers: found {}, but only a search with store.url "
                     "is shared by several jobs",
                     options.config, experiment.cluster->workers)});
  }
  experiment.check_settings();
  check_measuring(experiment);
  if (experiment.controller.make) {
    const auto space = experiment.make_space();
    const auto& config = experiment.config;
    experiment.check_budgets(*experiment.make_controller(
        {*space, config.objectives, config.seed, experiment.own_budget()}));
  }
  return experiment;
}

/// A job gets `threads` CPUs a worker where the configuration does not say, and as many workers as
/// its CPUs feed where that is not said either. GPUs nas counts itself on the node.
BatchJob batch_job(const Experiment& experiment, const std::filesystem::path& folder) {
  const ClusterConfig& cluster = *experiment.cluster;
  const int64_t threads = experiment.config.execution.threads;
  const int64_t workers = experiment.config.workers;
  BatchJob job{experiment.config.name, light_program(), folder, std::filesystem::current_path()};
  job.cpus =
      cluster.cpus > 0 ? cluster.cpus : threads * std::max<int64_t>({workers, cluster.gpus, 1});
  if (workers == 0 && cluster.gpus == 0) job.workers = std::max<int64_t>(job.cpus / threads, 1);
  return job;
}

/// Without "." and ".." and a slash at its end.
std::filesystem::path absolute_folder(const std::filesystem::path& folder) {
  const auto path = std::filesystem::absolute(folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

void warn_of_memory(const ClusterConfig& cluster) {
  if (cluster.says_memory()) return;
  tell_on_standard_error(
      "nas: warning: cluster.memory is not given; on many clusters the job then takes all memory "
      "of "
      "a node, and waits for one that is empty");
}

void refuse_live_job(const RunFolder& folder) {
  const auto number = job_of(folder);
  if (!number) return;
  const SlurmJob job = slurm_job(*number);
  if (job.over()) return;
  throw UsageError(fmt::format("{}: {}; nas cancel {} ends it", folder.root().string(),
                               job_text(*number, job), folder.root().string()));
}

void submit(const Options& options, const Program& program) {
  const Experiment experiment = read_checked(options, program);
  const RunFolder folder(absolute_folder(folder_or_usual(options.folder, experiment)));
  const std::string script =
      slurm_script(*experiment.cluster, batch_job(experiment, folder.root()));
  warn_of_memory(*experiment.cluster);
  if (options.dry_run) {
    fmt::print("{}", script);
    return;
  }
  require_slurm();
  folder.create(experiment.resolved);
  const FileLock submitting(folder.job_lock());
  refuse_live_job(folder);
  // The lock of the run itself is let go again, as the job may start before sbatch has returned.
  { const FileLock unused(folder.lock()); }
  // Trials can be looked at while the job waits.
  open_run_store(experiment, folder, experiment.make_space()->choices(), OpenMode::read_write);
  write_file_atomically(folder.job_script(), script);
  const std::string number = slurm_submit(folder.job_script());
  fmt::print("job {} in {}\n", number, folder.root().string());
  std::fflush(stdout);
  set_job_of(folder, number);
}

}  // namespace

void add_submit(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("submit", "Run a configuration as a job of Slurm");
  auto options = std::make_shared<Options>();
  command->add_option("CONFIG", options->config, "a configuration file with `cluster`")->required();
  command->add_option("--out", options->folder, "the run's folder (runs/NAME)");
  add_set_option(*command, options->overrides, "a key of the configuration: a.b=value");
  command->add_flag("--dry-run", options->dry_run, "print the batch script and do nothing");
  command->callback([options, &program] { submit(*options, program); });
}

}  // namespace nas
