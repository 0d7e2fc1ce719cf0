#include "nas/export/facts.hpp"

#include "nas/core/json.hpp"

namespace nas {

std::vector<std::pair<std::string, std::string>> metadata_of(const NetworkFacts& facts) {
  std::vector<std::pair<std::string, std::string>> texts;
  if (!facts.labels.empty()) texts.emplace_back("labels", Json(facts.labels).dump());
  if (!facts.mean.empty()) {
    texts.emplace_back("mean", Json(facts.mean).dump());
    texts.emplace_back("deviation", Json(facts.deviation).dump());
  }
  if (!facts.features.empty()) {
    texts.emplace_back("features", Json(facts.features).dump());
    texts.emplace_back("missing", Json(facts.missing).dump());
  }
  if (!facts.log_mel.empty()) texts.emplace_back("log_mel", facts.log_mel);
  texts.insert(texts.end(), facts.provenance.begin(), facts.provenance.end());
  return texts;
}

}  // namespace nas
