#include "search_spaces/product.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/registry.hpp"

namespace nas {
namespace {

struct Part {
  std::string name;
  std::unique_ptr<Space> space;
  size_t first = 0;  // index of its first choice
};

class Product : public Space {
 public:
  explicit Product(std::vector<Part> parts) : parts_(std::move(parts)) {
    for (auto& part : parts_) {
      part.first = choices_.size();
      for (Choice choice : part.space->choices()) {
        choice.name = part.name + "." + choice.name;
        if (choice.when) choice.when->choice += static_cast<int64_t>(part.first);
        for (Relation& relation : choice.relations) relation.shift(part.first);
        choices_.push_back(std::move(choice));
      }
      if (!has_network(*part.space)) continue;
      if (network_) {
        throw ConfigError(
            {fmt::format("space.parts: {} and {} both describe networks, expected "
                         "one part that does",
                         network_->name, part.name)});
      }
      network_ = &part;
    }
  }

  std::string_view name() const override { return "product"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override {
    return (network_ != nullptr ? *network_ : parts_.front()).space->task();
  }

  std::string text(const Point& point) const override {
    return joined(point, [](const Space& space, const Point& of) { return space.text(of); });
  }
  std::string canonical(const Point& point) const override {
    return joined(point, [](const Space& space, const Point& of) { return space.canonical(of); });
  }
  Point parse(std::string_view text) const override;

  std::optional<NetworkPlan> network(const Point& point) const override {
    if (network_ == nullptr) return std::nullopt;
    return network_->space->network(part_of(*network_, point));
  }
  std::optional<NetworkPlan> shared_network() const override {
    if (network_ == nullptr) return std::nullopt;
    return network_->space->shared_network();
  }
  std::optional<NetworkPlan> subnetwork(const Point& point) const override {
    if (network_ == nullptr) return std::nullopt;
    return network_->space->subnetwork(part_of(*network_, point));
  }
  Settings settings(const Point& point) const override {
    Settings all;
    for (const auto& part : parts_) {
      const Settings of = part.space->settings(part_of(part, point));
      all.insert(all.end(), of.begin(), of.end());
    }
    return all;
  }
  Json drawing(const Point& point) const override {
    if (network_ == nullptr) return Space::drawing(point);
    return network_->space->drawing(part_of(*network_, point));
  }

 private:
  static bool has_network(const Space& space) {
    RandomStream random(0, "product.part");
    return space.network(sample(space.choices(), random)).has_value();
  }

  static Point part_of(const Part& part, const Point& point) {
    const auto begin = point.values.begin() + static_cast<std::ptrdiff_t>(part.first);
    return {{begin, begin + static_cast<std::ptrdiff_t>(part.space->choices().size())}};
  }

  template <class Text>
  std::string joined(const Point& point, const Text& text_of) const {
    std::vector<std::string> entries;
    for (const auto& part : parts_) {
      const std::string text = text_of(*part.space, part_of(part, point));
      entries.push_back(fmt::format("{}: {}", Json(part.name).dump(),
                                    text.starts_with('{') ? text : Json(text).dump()));
    }
    return fmt::format("{{{}}}", fmt::join(entries, ", "));
  }

  std::vector<Part> parts_;
  const Part* network_ = nullptr;  // the part that describes networks
  Choices choices_;
};

Point Product::parse(std::string_view text) const {
  const Json json = parse_json_or_discard(text);
  if (!json.is_object()) {
    throw InputError(fmt::format("product '{}': expected one line of JSON keyed by part", text));
  }
  Point point;
  for (const auto& part : parts_) {
    const auto found = json.find(part.name);
    if (found == json.end())
      throw InputError(fmt::format("product: part {} is missing", part.name));
    const Point of =
        part.space->parse(found->is_string() ? found->get<std::string>() : found->dump());
    point.values.insert(point.values.end(), of.values.begin(), of.values.end());
  }
  if (json.size() != parts_.size()) {
    throw InputError(fmt::format("product '{}': names a part that the space does not have", text));
  }
  return point;
}

}  // namespace

void describe(Section& section, ProductOptions& options) {
  section.required({"parts"});
  section.entries("parts", "spaces by name", [&](const std::string& name, Section& part) {
    options.parts.emplace_back(name, component_of(part, space_registry()));
  });
  if (section.has("parts") && options.parts.empty()) {
    section.mistake("parts", "is empty, expected at least one space");
  }
}

std::unique_ptr<Space> make_product(const ProductOptions& options, TaskShape task) {
  std::vector<Part> parts;
  for (const auto& [name, component] : options.parts) {
    parts.push_back({name, component.make(task), 0});
  }
  return std::make_unique<Product>(std::move(parts));
}

}  // namespace nas
