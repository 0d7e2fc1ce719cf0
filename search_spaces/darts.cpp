#include "search_spaces/darts.hpp"

#include <fmt/core.h>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/cell_network.hpp"
#include "search_spaces/darts_cell.hpp"

namespace nas {
namespace {

class DartsSpace : public Space {
 public:
  DartsSpace(std::string_view name, DartsMenu menu, const DartsSpaceOptions& options,
             const TaskShape& task)
      : name_(name),
        menu_(std::move(menu)),
        options_(options),
        task_(applied(options.task, task)),
        choices_(darts_choices(menu_)) {}

  std::string_view name() const override { return name_; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override {
    return darts_text(darts_genotype(point, menu_));
  }
  Point parse(std::string_view text) const override {
    return darts_point(parse_darts_text(text, menu_), menu_);
  }
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override { return supernet_of(options_.cells); }
  std::optional<SupernetPlan> supernet_of(int64_t cells) const override;
  Point derive(const ArchitectureWeights& probabilities) const override {
    return darts_point({derive_darts_cell(probabilities[0], menu_.normal),
                        derive_darts_cell(probabilities[1], menu_.reduce)},
                       menu_);
  }
  std::optional<ArchitectureWeights> path(const Point& point) const override {
    const DartsGenotype genotype = darts_genotype(point, menu_);
    return ArchitectureWeights{darts_path(genotype.normal, menu_.normal),
                               darts_path(genotype.reduce, menu_.reduce)};
  }
  Json drawing(const Point& point) const override;

 private:
  std::string name_;
  DartsMenu menu_;
  DartsSpaceOptions options_;
  TaskShape task_;
  Choices choices_;
};

std::vector<std::string_view> names_of(const std::vector<int64_t>& offered) {
  std::vector<std::string_view> names;
  names.reserve(offered.size());
  for (const int64_t index : offered) names.push_back(kDartsOperations[static_cast<size_t>(index)]);
  return names;
}

std::vector<int64_t> add_mixed_nodes(const DartsCellMenu& menu, PlanBuilder& plan,
                                     std::vector<int64_t> states, const CellSetting& setting,
                                     const std::string& name) {
  size_t row = 0;
  for (int64_t node = 0; row < menu.size(); ++node) {
    std::vector<int64_t> terms;
    for (int64_t input = 0; input < node + 2; ++input, ++row) {
      terms.push_back(
          plan.add(Mixed{setting.reduction ? 1 : 0, static_cast<int64_t>(row),
                         mixed_options(names_of(menu[row]), setting, setting.stride(input))},
                   {states[static_cast<size_t>(input)]}, fmt::format("{}.edge{}", name, row)));
    }
    states.push_back(plan.add(Add{}, terms, fmt::format("{}.node{}.add", name, node + 2)));
  }
  return {states.begin() + 2, states.end()};
}

std::optional<NetworkPlan> DartsSpace::network(const Point& point) const {
  const DartsGenotype genotype = darts_genotype(point, menu_);
  const auto normal = named_edges(genotype.normal);
  const auto reduce = named_edges(genotype.reduce);
  return cell_network({options_.channels, options_.cells, options_.auxiliary, true}, task_,
                      [&](PlanBuilder& plan, std::vector<int64_t> states,
                          const CellSetting& setting, const std::string& name) {
                        return add_derived_nodes(setting.reduction ? reduce : normal, plan,
                                                 std::move(states), setting, name);
                      });
}

std::optional<SupernetPlan> DartsSpace::supernet_of(int64_t cells) const {
  NetworkPlan plan =
      cell_network({options_.channels, cells, false, false}, task_,
                   [&](PlanBuilder& builder, std::vector<int64_t> states,
                       const CellSetting& setting, const std::string& name) {
                     return add_mixed_nodes(setting.reduction ? menu_.reduce : menu_.normal,
                                            builder, std::move(states), setting, name);
                   });
  const auto rows = static_cast<int64_t>(menu_.normal.size());
  return SupernetPlan{
      std::move(plan),
      {{"normal", rows, darts_labels(menu_.normal)}, {"reduce", rows, darts_labels(menu_.reduce)}}};
}

Json DartsSpace::drawing(const Point& point) const {
  const DartsGenotype genotype = darts_genotype(point, menu_);
  const auto concat = darts_concat(options_.nodes);
  return {{"cells",
           Json::array({cell_drawing("normal cell", named_edges(genotype.normal), concat),
                        cell_drawing("reduction cell", named_edges(genotype.reduce), concat)})}};
}

}  // namespace

void describe(Section& section, DartsSpaceOptions& options) {
  section.integer("channels", options.channels, {2, 4096, ""}, "channels of the first cells");
  section.integer("cells", options.cells, {1, 200, ""}, "cells of the network and of the supernet");
  section.integer("nodes", options.nodes, {1, 12, ""}, "intermediate nodes of a cell");
  section.boolean("auxiliary", options.auxiliary, "auxiliary head at two thirds of the depth");
  describe(section, options.task);
}

std::unique_ptr<Space> make_darts_space(const DartsSpaceOptions& options, TaskShape task) {
  return make_darts_space_of("darts", full_darts_menu(options.nodes), options, task);
}

std::unique_ptr<Space> make_darts_space_of(std::string_view name, DartsMenu menu,
                                           const DartsSpaceOptions& options, TaskShape task) {
  return std::make_unique<DartsSpace>(name, std::move(menu), options, task);
}

}  // namespace nas
