#pragma once

#include <optional>
#include <string>

#include "nas/core/json_fwd.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/run/slurm.hpp"

namespace nas {

/// The number of the job that a run's folder was submitted as last; nothing where it never was.
/// Throws InputError where job.json is malformed.
std::optional<std::string> job_of(const RunFolder& folder);

void set_job_of(const RunFolder& folder, const std::string& number);

/// "job 12 is RUNNING on n1"
std::string job_text(const std::string& number, const SlurmJob& job);

/// {job, state, nodes, reason, problem}, of which all but the number may be null: `problem` says
/// why Slurm cannot tell them, or that it has forgotten the job.
Json job_json(const std::string& number);

/// job_json for people, in one line.
std::string job_text(const Json& job);

}  // namespace nas
