#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nas/config/section.hpp"

namespace nas {

/// Makes an object out of options that were read before. Empty: this program has no LibTorch, the
/// tensor program beside it makes the object.
template <class Interface, class... Context>
using Maker = std::function<std::unique_ptr<Interface>(Context...)>;

/// One row of a registry: a kind of space, controller or evaluator by name. Registries are explicit
/// tables; `configure` reads the options and returns what makes the object once the whole
/// configuration is known to be right.
template <class Interface, class... Context>
struct ComponentRow {
  std::string_view name;
  std::string_view meaning;
  std::function<Maker<Interface, Context...>(Section&)> configure;
};

template <class Interface, class... Context>
using Registry = std::vector<ComponentRow<Interface, Context...>>;

/// The `configure` of a kind whose Options have a `describe(Section&, Options&)`. `make` takes them
/// or a base of theirs and may be null (see Maker).
template <class Options, class Base, class Interface, class... Context>
std::function<Maker<Interface, Context...>(Section&)> configured_by(
    std::unique_ptr<Interface> (*make)(const Base&, Context...)) {
  return [make](Section& section) -> Maker<Interface, Context...> {
    Options options;
    describe(section, options);
    if (make == nullptr) return {};
    return [make, options](Context... context) { return make(options, context...); };
  };
}

/// A component as a configuration names it.
template <class Interface, class... Context>
struct Component {
  std::string type;
  Maker<Interface, Context...> make;
};

/// Reads the type and the options of a component out of its own mapping. The type must be given
/// where `otherwise` names none.
template <class Interface, class... Context>
Component<Interface, Context...> component_of(Section& section,
                                              const Registry<Interface, Context...>& registry,
                                              std::string_view otherwise = {}) {
  Component<Interface, Context...> component;
  component.type = otherwise;
  std::vector<std::string_view> names;
  for (const auto& row : registry) names.push_back(row.name);
  if (otherwise.empty()) section.required({"type"});
  section.one_of("type", component.type, std::span<const std::string_view>(names), "which kind");
  for (const auto& row : registry) {
    if (row.name == component.type) component.make = row.configure(section);
  }
  return component;
}

/// Reads `key: {type: NAME, ...}` against a registry. The key must be given where `otherwise` names
/// no type.
template <class Interface, class... Context>
Component<Interface, Context...> read_component(Section& parent, std::string_view key,
                                                std::string_view meaning,
                                                const Registry<Interface, Context...>& registry,
                                                std::string_view otherwise = {}) {
  Component<Interface, Context...> component;
  if (otherwise.empty()) parent.required({key});
  if (!parent.has(key) && otherwise.empty()) return component;
  const auto type = parent.has(key) ? std::string_view() : otherwise;
  parent.section(key, meaning,
                 [&](Section& section) { component = component_of(section, registry, type); });
  return component;
}

}  // namespace nas
