#include "nas/run/slurm_script.hpp"

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

BatchJob job() { return {"digits", "/opt/nas/bin/nas", "/data/runs/digits", "/data", 4, 2}; }

TEST_CASE("A batch script says what the cluster is asked for") {
  ClusterConfig cluster;
  cluster.partition = "gpu";
  cluster.account = "project";
  cluster.time = 93784;
  cluster.gpus = 2;
  cluster.gpu_type = "a100";
  cluster.memory = 16384;
  cluster.options = {"--constraint=fast"};
  cluster.setup = {"module load cuda"};
  const std::string script = slurm_script(cluster, job());
  CHECK_THAT(script, ContainsSubstring("#!/bin/bash\n#SBATCH --job-name=\"digits\"\n"
                                       "#SBATCH --nodes=1 --ntasks=1\n"
                                       "#SBATCH --cpus-per-task=4\n"
                                       "#SBATCH --partition=\"gpu\"\n"
                                       "#SBATCH --account=\"project\"\n"
                                       "#SBATCH --time=1-02:03:04\n"
                                       "#SBATCH --gres=\"gpu:a100:2\"\n"
                                       "#SBATCH --mem=16384M\n"
                                       "#SBATCH --chdir=\"/data\"\n"
                                       "#SBATCH --output=\"/data/runs/digits/slurm-%j.out\"\n"
                                       "#SBATCH --requeue --open-mode=append --signal=B:USR2@120\n"
                                       "#SBATCH --constraint=fast\n"));
  CHECK_THAT(script,
             ContainsSubstring("\nmodule load cuda\n\nprogram='/opt/nas/bin/nas'\n"
                               "folder='/data/runs/digits'\n\"$program\" resume \"$folder\" "
                               "--workers 2 &\nchild=$!\n"));
}

TEST_CASE("A search that jobs share is an array of workers") {
  ClusterConfig cluster;
  cluster.workers = 8;
  const std::string script = slurm_script(cluster, job());
  CHECK_THAT(script, ContainsSubstring("#SBATCH --array=1-8\n"));
  CHECK_THAT(script, ContainsSubstring("/data/runs/digits/slurm-%A_%a.out\"\n"));
  CHECK_THAT(script, ContainsSubstring("\"$program\" worker \"$folder/config.yaml\" --out "
                                       "\"$folder\" --workers 2 &\n"));
  CHECK_THAT(script, ContainsSubstring("job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\n"));
}

TEST_CASE("A batch script asks for nothing that was not given") {
  const std::string script = slurm_script({}, job());
  for (const char* option : {"--partition", "--account", "--time", "--gres", "--mem"}) {
    CHECK(script.find(option) == std::string::npos);
  }
}

TEST_CASE("Odd paths are quoted for sbatch, for its patterns and for the shell") {
  BatchJob odd = job();
  odd.folder = "/a \"b' $c #100%";
  const std::string script = slurm_script({}, odd);
  CHECK_THAT(script, ContainsSubstring("--output=\"/a \\\"b' $c #100%%/slurm-%j.out\"\n"));
  CHECK_THAT(script, ContainsSubstring("\nfolder='/a \"b'\\'' $c #100%'\n"));
}

TEST_CASE("Paths that Slurm cannot be told are refused") {
  for (const char* folder : {"/a\\b", "/a\nb"}) {
    BatchJob odd = job();
    odd.folder = folder;
    CHECK_THROWS_AS(slurm_script({}, odd), UsageError);
  }
}

}  // namespace
}  // namespace nas
