#include "nas/search/cutoffs.hpp"

#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"

namespace nas {

bool falls_short(const Cutoffs& cutoffs, int64_t step, double best) {
  const auto cutoff = cutoffs.at.find(step);
  if (cutoff == cutoffs.at.end()) return false;
  return cutoffs.goal == Goal::maximize ? best < cutoff->second : best > cutoff->second;
}

Json to_json(const Cutoffs& cutoffs) {
  Json at = Json::array();
  for (const auto& [step, value] : cutoffs.at) at.push_back({step, value});
  return {{"metric", cutoffs.metric},
          {"goal", cutoffs.goal == Goal::maximize ? "maximize" : "minimize"},
          {"at", at}};
}

Cutoffs cutoffs_from_json(const Json& json) {
  Cutoffs cutoffs;
  cutoffs.metric = json.at("metric").get<std::string>();
  cutoffs.goal = json.at("goal") == "minimize" ? Goal::minimize : Goal::maximize;
  for (const Json& entry : json.at("at")) {
    cutoffs.at[whole_number(entry.at(0))] = entry.at(1).get<double>();
  }
  return cutoffs;
}

}  // namespace nas
