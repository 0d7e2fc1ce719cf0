#include "tools/cluster_job.hpp"

#include <fmt/core.h>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

std::optional<std::string> job_of(const RunFolder& folder) {
  if (!std::filesystem::exists(folder.job())) return std::nullopt;
  const Json json = Json::parse(read_file(folder.job()), nullptr, /*allow_exceptions=*/false);
  const bool told = json.is_object() && json.contains("job") && json["job"].is_string();
  const std::string number = told ? json["job"].get<std::string>() : "";
  if (number.empty() || number.find_first_not_of("0123456789") != number.npos) {
    throw InputError(folder.job().string() +
                     ": found no number of a job, expected {\"job\": \"12\"}");
  }
  return number;
}

void set_job_of(const RunFolder& folder, const std::string& number) {
  const Json json = {{"job", number}, {"submitted", wall_seconds()}};
  write_file_atomically(folder.job(), json.dump(2) + "\n");
}

std::string job_text(const std::string& number, const SlurmJob& job) {
  if (job.state.empty()) return fmt::format("job {} is over; Slurm has forgotten it", number);
  std::string text = fmt::format("job {} is {}", number, job.state);
  if (!job.nodes.empty()) text += " on " + job.nodes;
  if (!job.reason.empty() && job.reason != "None") text += fmt::format(" ({})", job.reason);
  return text;
}

Json job_json(const std::string& number) {
  SlurmJob job;
  std::string problem;
  try {
    job = slurm_job(number);
    if (job.state.empty()) problem = "over; Slurm has forgotten it";
  } catch (const Error& error) {
    problem = error.what();
  }
  return {{"job", number},
          {"state", text_or_null(job.state)},
          {"nodes", text_or_null(job.nodes)},
          {"reason", text_or_null(job.reason == "None" ? "" : job.reason)},
          {"problem", text_or_null(problem)}};
}

std::string job_text(const Json& job) {
  const auto text = [&job](const char* key) {
    return job[key].is_null() ? std::string() : job[key].get<std::string>();
  };
  if (!job["problem"].is_null()) return fmt::format("job {}: {}", text("job"), text("problem"));
  return job_text(text("job"), {text("state"), text("nodes"), text("reason")});
}

}  // namespace nas
