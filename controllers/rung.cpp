#include "controllers/rung.hpp"

#include <algorithm>
#include <utility>

#include "controllers/history.hpp"
#include "nas/core/json.hpp"

namespace nas {

void Rung::add(Entry entry) {
  // An absent utility is less than every other.
  const auto place = std::upper_bound(
      entries_.begin(), entries_.end(), entry,
      [](const Entry& added, const Entry& old) { return added.utility > old.utility; });
  entries_.insert(place, std::move(entry));
}

size_t Rung::scored() const {
  const auto first_without =
      std::partition_point(entries_.begin(), entries_.end(),
                           [](const Entry& entry) { return entry.utility.has_value(); });
  return static_cast<size_t>(first_without - entries_.begin());
}

std::optional<size_t> Rung::best_waiting() const {
  const size_t count = scored();
  for (size_t rank = 0; rank < count; ++rank) {
    if (!entries_[rank].promoted) return rank;
  }
  return std::nullopt;
}

std::optional<size_t> Rung::rank_of(int64_t trial) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.trial == trial; });
  if (found == entries_.end()) return std::nullopt;
  return static_cast<size_t>(found - entries_.begin());
}

Json Rung::save() const {
  Json json = Json::array();
  for (const Entry& entry : entries_) {
    const Json utility = entry.utility ? Json(*entry.utility) : Json(nullptr);
    json.push_back({entry.trial, packed(entry.point), utility, entry.promoted});
  }
  return json;
}

void Rung::load(const Choices& choices, const Json& json) {
  entries_.clear();
  for (const Json& item : json) {
    Entry entry{item.at(0).get<int64_t>(), unpacked(choices, item.at(1)), std::nullopt,
                item.at(3).get<bool>()};
    if (!item.at(2).is_null()) entry.utility = item.at(2).get<double>();
    entries_.push_back(std::move(entry));
  }
}

}  // namespace nas
