#include "search_spaces/hierarchical.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/candidates.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

using CellPer = HierarchicalOptions::CellPer;

constexpr std::array<std::pair<std::string_view, CellPer>, 2> kCellPer{
    {{"network", CellPer::network}, {"stage", CellPer::stage}}};
constexpr std::string_view kCellMark = " cell=";
constexpr size_t kChannels = 0;  // the first choice; the cells of each stage follow

class Hierarchical : public Space {
 public:
  Hierarchical(const HierarchicalOptions& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), cell_(options.cell.make()) {
    add_choices();
  }

  std::string_view name() const override { return "hierarchical"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::string canonical(const Point& point) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  void add_choices();
  size_t stages() const { return static_cast<size_t>(options_.stages); }
  size_t kinds() const { return options_.cell_per == CellPer::network ? 1 : stages(); }
  /// Index of the first choice of cell number `kind`.
  size_t first_of(size_t kind) const { return 1 + stages() + kind * cell_->choices().size(); }

  int64_t channels(const Point& point) const {
    return options_.channels[static_cast<size_t>(std::get<int64_t>(point.values[kChannels]))];
  }
  int64_t cells(const Point& point, size_t stage) const {
    return options_.cells[static_cast<size_t>(std::get<int64_t>(point.values[1 + stage]))];
  }
  Point cell_of(const Point& point, size_t kind) const {
    const auto begin = point.values.begin() + static_cast<std::ptrdiff_t>(first_of(kind));
    return {{begin, begin + std::ssize(cell_->choices())}};
  }
  /// Whether any stage holds cell number `kind`.
  bool is_used(const Point& point, size_t kind) const;
  std::string macro_text(const Point& point) const;

  HierarchicalOptions options_;
  TaskShape task_;
  std::unique_ptr<CellSpace> cell_;
  Choices choices_;
};

void Hierarchical::add_choices() {
  choices_.push_back({"channels", categorical_of(options_.channels), std::nullopt});
  for (size_t stage = 0; stage < stages(); ++stage) {
    choices_.push_back(
        {fmt::format("cells_{}", stage + 1), categorical_of(options_.cells), std::nullopt});
  }
  for (size_t kind = 0; kind < kinds(); ++kind) {
    for (Choice choice : cell_->choices()) {
      choice.name =
          kinds() == 1 ? "cell." + choice.name : fmt::format("cell_{}.{}", kind + 1, choice.name);
      if (choice.when) choice.when->choice += static_cast<int64_t>(first_of(kind));
      choices_.push_back(std::move(choice));
    }
  }
}

bool Hierarchical::is_used(const Point& point, size_t kind) const {
  if (options_.cell_per == CellPer::stage) return cells(point, kind) > 0;
  for (size_t stage = 0; stage < stages(); ++stage) {
    if (cells(point, stage) > 0) return true;
  }
  return false;
}

std::string Hierarchical::macro_text(const Point& point) const {
  std::vector<int64_t> counts;
  for (size_t stage = 0; stage < stages(); ++stage) counts.push_back(cells(point, stage));
  return fmt::format("channels={} cells={}", channels(point), fmt::join(counts, "-"));
}

std::string Hierarchical::text(const Point& point) const {
  std::string text = macro_text(point);
  for (size_t kind = 0; kind < kinds(); ++kind) {
    text += fmt::format("{}{}", kCellMark, cell_->text(cell_of(point, kind)));
  }
  return text;
}

std::string Hierarchical::canonical(const Point& point) const {
  std::string text = macro_text(point);
  for (size_t kind = 0; kind < kinds(); ++kind) {
    const bool used = is_used(point, kind);
    text += fmt::format("{}{}", kCellMark, used ? cell_->canonical(cell_of(point, kind)) : "");
  }
  return text;
}

Point Hierarchical::parse(std::string_view text) const {
  TextScanner scanner(text, "hierarchical network");
  const auto option_of = [&](size_t choice) {
    return scan_option(scanner, std::get<Categorical>(choices_[choice].domain));
  };
  Point point;
  scanner.expect("channels=");
  point.values.emplace_back(option_of(kChannels));
  for (size_t stage = 0; stage < stages(); ++stage) {
    scanner.expect(stage == 0 ? " cells=" : "-");
    point.values.emplace_back(option_of(1 + stage));
  }
  for (size_t kind = 0; kind < kinds(); ++kind) {
    scanner.expect(kCellMark);
    const Point cell = cell_->parse(scanner.word());
    point.values.insert(point.values.end(), cell.values.begin(), cell.values.end());
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

std::optional<NetworkPlan> Hierarchical::network(const Point& point) const {
  PlanBuilder plan;
  int64_t width = channels(point);
  int64_t node = plan.add(Convolution{task_.input.channels, width, {3, 3}, 1, {1, 1}, 1, 1, false},
                          {PlanBuilder::kInput}, "stem.conv");
  node = plan.add(BatchNorm{width}, {node}, "stem.bn");
  for (size_t stage = 0; stage < stages(); ++stage) {
    if (stage > 0) {
      node = plan.splice(relu_conv_bn({width, 2 * width, 2, true}, 3), node,
                         fmt::format("reductions.{}", stage - 1));
      width *= 2;
    }
    const NetworkPlan cell = cell_->cell(cell_of(point, kinds() == 1 ? 0 : stage), width);
    for (int64_t i = 0; i < cells(point, stage); ++i) {
      node = plan.splice(cell, node, fmt::format("stages.{}.{}", stage, i));
    }
  }
  node = plan.add(BatchNorm{width}, {node}, "head.bn");
  node = plan.add(Relu{}, {node}, "head.relu");
  node = plan.add(GlobalAveragePool{}, {node}, "head.pool");
  node = plan.add(Linear{width, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

/// The stages, then the cells that they hold.
Json Hierarchical::drawing(const Point& point) const {
  Json nodes = {"input"};
  Json edges = Json::array();
  for (size_t stage = 0; stage < stages(); ++stage) {
    nodes.push_back(fmt::format("{}", channels(point) << stage));
    edges.push_back({{"from", stage},
                     {"to", stage + 1},
                     {"label", fmt::format("{} cells", cells(point, stage))}});
  }
  Json drawn = Json::array({{{"name", "stages"}, {"nodes", nodes}, {"edges", edges}}});
  for (size_t kind = 0; kind < kinds(); ++kind) {
    if (!is_used(point, kind)) continue;
    Json cell = cell_->drawing(cell_of(point, kind));
    if (kinds() > 1) cell["name"] = fmt::format("cell of stage {}", kind + 1);
    drawn.push_back(std::move(cell));
  }
  return {{"cells", std::move(drawn)}};
}

}  // namespace

void describe(Section& section, HierarchicalOptions& options) {
  section.integer("stages", options.stages, {1, 8, ""}, "each half the size of the one before");
  describe_candidates(section, {"cells", 0, 100, "cells that a stage may have"}, options.cells);
  describe_candidates(
      section,
      {"channels", 1, 4096, "that the first stage may have; every further one has twice as many"},
      options.channels);
  section.one_of("cell_per", options.cell_per, kCellPer,
                 "one cell for the whole network or one for each stage");
  options.cell = read_component(section, "cell", "what the stages are made of", cell_registry());
  describe(section, options.task);
}

std::unique_ptr<Space> make_hierarchical(const HierarchicalOptions& options, TaskShape task) {
  return std::make_unique<Hierarchical>(options, task);
}

}  // namespace nas
