#include "nas/run/slurm_script.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

std::string replaced(const std::string& text, char what, const std::string& by) {
  std::string result;
  for (const char c : text) c == what ? result += by : result += c;
  return result;
}

/// One word for the shell, whatever is in it.
std::string shell_word(const std::string& text) {
  return "'" + replaced(text, '\'', R"('\'')") + "'";
}

/// One argument of a #SBATCH line: sbatch reads quotes and backslashes there as a shell does, but
/// expands nothing.
std::string batch_word(const std::string& text) {
  return "\"" + replaced(replaced(text, '\\', R"(\\)"), '"', R"(\")") + "\"";
}

/// A path as a pattern for names of files: % begins a placeholder there, and a backslash turns
/// placeholders off.
std::string name_pattern(const std::filesystem::path& path) {
  return replaced(path.string(), '%', "%%");
}

void check_path(const std::filesystem::path& path) {
  const std::string text = path.string();
  const bool told = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= ' ' && c != '\\' && c != '\x7f';
  });
  if (told) return;
  throw UsageError(fmt::format(
      "{}: Slurm cannot be told a path with a backslash or a control character", printable(text)));
}

/// 93784 -> "1-02:03:04"
std::string time_limit(double seconds) {
  const int64_t whole = std::llround(std::ceil(seconds));
  return fmt::format("{}-{:02}:{:02}:{:02}", whole / 86400, whole / 3600 % 24, whole / 60 % 60,
                     whole % 60);
}

std::string batch_options(const ClusterConfig& cluster, const BatchJob& job) {
  std::string lines;
  const auto add = [&lines](const std::string& option) { lines += "#SBATCH " + option + "\n"; };
  add("--job-name=" + batch_word(printable(job.name)));
  add("--nodes=1 --ntasks=1");
  add(fmt::format("--cpus-per-task={}", job.cpus));
  if (!cluster.partition.empty()) add("--partition=" + batch_word(cluster.partition));
  if (!cluster.account.empty()) add("--account=" + batch_word(cluster.account));
  if (cluster.time > 0) add("--time=" + time_limit(cluster.time));
  if (cluster.gpus > 0) {
    const std::string kind = cluster.gpu_type.empty() ? "gpu" : "gpu:" + cluster.gpu_type;
    add("--gres=" + batch_word(fmt::format("{}:{}", kind, cluster.gpus)));
  }
  if (cluster.memory > 0) add(fmt::format("--mem={}M", cluster.memory));
  add("--chdir=" + batch_word(job.working_folder.string()));
  const bool array = cluster.workers > 1;
  if (array) add(fmt::format("--array=1-{}", cluster.workers));
  add("--output=" +
      batch_word(name_pattern(job.folder) + (array ? "/slurm-%A_%a.out" : "/slurm-%j.out")));
  add(fmt::format("--requeue --open-mode=append --signal=B:USR2@{}", cluster.signal_lead));
  for (const auto& option : cluster.options) add(option);
  return lines;
}

constexpr const char* kSignals = R"(warned= ending= child= interrupted=
job=${SLURM_JOB_ID-}
[ -z "${SLURM_ARRAY_JOB_ID-}" ] || job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID

# nas saves its state after TERM, whatever its configuration's stop_signal says, and ends with 75.
pass_on() {
  interrupted=yes
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}
# Slurm warns ahead of the time limit.
trap 'warned=yes; pass_on' USR2
# Slurm ends the job, and itself queues it again where it was preempted or requeued.
trap 'ending=yes; pass_on' TERM
)";

constexpr const char* kWaiting = R"(child=$!
[ -z "$warned$ending" ] || kill -TERM "$child" 2>/dev/null
# A signal interrupts `wait`, which tells the end of nas only when it is asked again.
until
  interrupted=
  wait "$child"
  status=$?
  [ -z "$interrupted" ]
do :; done

# 143: ended before it could catch the signal, and so before it had anything to save.
saved=
[ "$status" -ne 75 ] || saved=yes
[ -z "$warned" ] || [ "$status" -ne 143 ] || saved=yes
if [ -n "$saved" ] && [ -z "$ending" ] && [ -n "$job" ]; then
  echo "job $job: the state is saved, the job goes back into the queue"
  scontrol requeue "$job" || echo "job $job: not queued again; nas submit goes on"
fi
exit "$status"
)";

}  // namespace

std::string slurm_script(const ClusterConfig& cluster, const BatchJob& job) {
  for (const auto& path : {job.program, job.folder, job.working_folder}) check_path(path);
  std::string script = "#!/bin/bash\n" + batch_options(cluster, job);
  script +=
      "# Written by nas submit. It goes on with what the folder holds, however often it is "
      "started.\n";
  script += kSignals;
  script += "\n";
  for (const auto& line : cluster.setup) script += line + "\n";
  if (!cluster.setup.empty()) script += "\n";
  script += "program=" + shell_word(job.program.string()) + "\n";
  script += "folder=" + shell_word(job.folder.string()) + "\n";
  script += cluster.workers > 1 ? R"("$program" worker "$folder/config.yaml" --out "$folder")"
                                : R"("$program" resume "$folder")";
  if (job.workers > 0) script += fmt::format(" --workers {}", job.workers);
  script += " &\n";
  return script + kWaiting;
}

}  // namespace nas
