#include "controllers/observations.hpp"

#include <limits>
#include <utility>

#include "controllers/history.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"

namespace nas {

double worth(const Observation& observation) {
  return observation.utility.value_or(-std::numeric_limits<double>::infinity());
}

std::vector<double> scores(const Observations& observations) {
  std::vector<double> worths;
  worths.reserve(observations.size());
  for (const Observation& one : observations) worths.push_back(worth(one));
  return normal_scores(worths);
}

Json to_json(const Observations& observations) {
  Json json = Json::array();
  for (const Observation& one : observations) {
    json.push_back({packed(one.point), one.utility ? Json(*one.utility) : Json()});
  }
  return json;
}

Observations observations_from_json(const Choices& choices, const Json& json) {
  Observations observations;
  for (const Json& item : json) {
    Observation one{unpacked(choices, item.at(0)), std::nullopt};
    if (!item.at(1).is_null()) one.utility = item.at(1).get<double>();
    observations.push_back(std::move(one));
  }
  return observations;
}

}  // namespace nas
