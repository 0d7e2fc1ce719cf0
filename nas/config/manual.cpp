#include "nas/config/manual.hpp"

#include <algorithm>
#include <string_view>

#include "nas/config/manual_section.hpp"

namespace nas {
namespace {

/// The record at a dotted path; null where there is none.
Json* find_record(Json& records, std::string_view path) {
  const size_t dot = path.find('.');
  const auto found = records.find(std::string(path.substr(0, dot)));
  if (found == records.end()) return nullptr;
  if (dot == std::string_view::npos) return &*found;
  const auto keys = found->find("keys");
  return keys == found->end() ? nullptr : find_record(*keys, path.substr(dot + 1));
}

void mark_required(Json& records, const ManualRun& run) {
  for (const auto& path : run.required) {
    Json* record = find_record(records, path);
    if (record == nullptr) continue;
    record->erase("default");
    (*record)["required"] = true;
  }
}

/// Adds keys that show only with another type elsewhere: a section may depend on a type outside.
/// With other types they are not there, so none of them is required.
void add_missing(Json& records, const Json& more) {
  for (const auto& [name, record] : more.items()) {
    Json& known = records[name];
    if (known.is_null()) {
      known = record;
      known.erase("required");
    } else if (known.contains("keys") && record.contains("keys") && !known.contains("types")) {
      add_missing(known["keys"], record["keys"]);
    }
  }
}

/// Splits the keys of each type into what all types share and what is a type's own.
void split_by_type(Json& component, const Json& by_type) {
  Json shared = by_type.begin().value();
  for (const auto& [type, keys] : by_type.items()) {
    Json kept = Json::object();
    for (const auto& [name, record] : shared.items()) {
      if (keys.contains(name) && keys[name] == record) kept[name] = record;
    }
    shared = std::move(kept);
  }
  component["keys"] = shared;
  for (const auto& [type, keys] : by_type.items()) {
    Json& own = component["types"][type] = Json::object();
    for (const auto& [name, record] : keys.items()) {
      if (!shared.contains(name)) own[name] = record;
    }
  }
}

/// The component around `path` that chooses from the same types.
std::string outer_component(const ManualRun& run, const std::string& path,
                            const std::vector<std::string>& types) {
  for (const auto& [other, other_types] : run.types) {
    if (other_types == types && path.starts_with(other + ".")) return other;
  }
  return "";
}

class Explorer {
 public:
  explicit Explorer(const std::function<void(Section&)>& describe) : describe_(describe) {}

  /// The records with these types chosen; components below `within` are tried with all theirs.
  Json explore(const std::map<std::string, std::string>& chosen, const std::string& within) const {
    ManualRun run{chosen, {}, {}};
    Json records = Json::object();
    ManualSection section(run, "", records);
    describe_(section);
    mark_required(records, run);
    for (const auto& [path, types] : run.types) {
      Json* component = find_record(records, path);
      const bool done = component == nullptr || component->contains("types");
      if (done || types.empty() || chosen.contains(path) || !path.starts_with(within)) continue;
      const std::string outer = outer_component(run, path, types);
      if (outer.empty()) {
        try_types(records, chosen, path, types);
      } else {
        component->erase("keys");
        (*component)["same_as"] = outer;
      }
    }
    return records;
  }

 private:
  void try_types(Json& records, const std::map<std::string, std::string>& chosen,
                 const std::string& path, const std::vector<std::string>& types) const {
    Json by_type = Json::object();
    for (const auto& type : types) {
      auto with_type = chosen;
      with_type[path] = type;
      Json explored = explore(with_type, path + ".");
      Json* component = find_record(explored, path);
      by_type[type] = (*component)["keys"];
      *component = *find_record(records, path);
      add_missing(records, explored);
    }
    split_by_type(*find_record(records, path), by_type);
  }

  const std::function<void(Section&)>& describe_;
};

}  // namespace

Json manual(const std::function<void(Section&)>& describe) {
  return Explorer(describe).explore({}, "");
}

}  // namespace nas
