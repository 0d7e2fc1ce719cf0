#include "nas/run/searcher_state.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"

namespace nas {

void save_searcher(TrialStore& store, const Controller& controller, const Json& place) {
  store.put("controller", controller.save());
  store.put("searcher", place.dump());
}

Json searcher_place(const TrialStore& store) {
  const auto place = store.get("searcher");
  return place ? Json::parse(*place) : Json(nullptr);
}

Json load_searcher(const TrialStore& store, Controller& controller) {
  Json place = searcher_place(store);
  if (place.is_null()) return place;
  const auto state = store.get("controller");
  if (!state) throw RunError("the store lacks the controller's state; it was damaged");
  controller.load(*state);
  return place;
}

}  // namespace nas
