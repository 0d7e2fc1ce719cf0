#include "search_spaces/nas_bench_201.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/dag_cell.hpp"
#include "search_spaces/option_rows.hpp"

namespace nas {
namespace {

constexpr const auto& kOperations = kNasBench201Operations;

std::unique_ptr<CellSpace> cell_of(const NasBench201Options& options) {
  DagCellOptions cell;
  cell.affine = options.affine;
  return make_dag_cell(cell);
}

class NasBench201 : public Space {
 public:
  NasBench201(const NasBench201Options& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), cell_(cell_of(options)) {}

  std::string_view name() const override { return "nas_bench_201"; }
  const Choices& choices() const override { return cell_->choices(); }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override { return cell_->text(point); }
  Point parse(std::string_view text) const override { return cell_->parse(text); }
  std::string canonical(const Point& point) const override { return cell_->canonical(point); }
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override;
  Point derive(const ArchitectureWeights& probabilities) const override {
    return point_of_rows(probabilities[0], kOperations.size());
  }
  std::optional<ArchitectureWeights> path(const Point& point) const override {
    return ArchitectureWeights{rows_of_point(point, kOperations.size())};
  }
  Json drawing(const Point& point) const override {
    return {{"cells", Json::array({cell_->drawing(point)})}};
  }

 private:
  NetworkPlan assemble(const std::function<NetworkPlan(int64_t channels)>& make_cell) const;
  NetworkPlan mixed_cell(int64_t channels) const;

  NasBench201Options options_;
  TaskShape task_;
  std::unique_ptr<CellSpace> cell_;
};

/// The residual block of stride 2 that stands between two stages.
NetworkPlan residual_block(int64_t in, int64_t out) {
  PlanBuilder plan;
  int64_t main = plan.splice(relu_conv_bn({in, out, 2, true}, 3), PlanBuilder::kInput, "conv_a");
  main = plan.splice(relu_conv_bn({out, out, 1, true}, 3), main, "conv_b");
  int64_t side = plan.add(AveragePool{2, 2, 0}, {PlanBuilder::kInput}, "pool");
  side = plan.add(Convolution{in, out, {1, 1}, 1, {0, 0}, 1, 1, false}, {side}, "downsample");
  const int64_t sum = plan.add(Add{}, {main, side}, "add");
  return std::move(plan).finish({sum});
}

NetworkPlan NasBench201::mixed_cell(int64_t channels) const {
  std::vector<NetworkPlan> options;
  options.reserve(kOperations.size());
  for (const auto operation : kOperations) {
    options.push_back(find_operation(operation).build({channels, channels, 1, false}));
  }
  PlanBuilder plan;
  std::vector<int64_t> nodes{PlanBuilder::kInput};
  const auto list = dag_edges(kNasBench201Nodes);
  for (int64_t to = 1; to < kNasBench201Nodes; ++to) {
    std::vector<int64_t> terms;
    for (size_t i = 0; i < list.size(); ++i) {
      if (list[i].to != to) continue;
      terms.push_back(plan.add(Mixed{0, static_cast<int64_t>(i), options},
                               {nodes[static_cast<size_t>(list[i].from)]}, choices()[i].name));
    }
    nodes.push_back(terms.size() == 1
                        ? terms.front()
                        : plan.add(Add{}, std::move(terms), fmt::format("node_{}", to)));
  }
  return std::move(plan).finish({nodes.back()});
}

NetworkPlan NasBench201::assemble(
    const std::function<NetworkPlan(int64_t channels)>& make_cell) const {
  PlanBuilder plan;
  int64_t channels = options_.channels;
  int64_t node =
      plan.add(Convolution{task_.input.channels, channels, {3, 3}, 1, {1, 1}, 1, 1, false}, {0},
               "stem.conv");
  node = plan.add(BatchNorm{channels}, {node}, "stem.bn");
  int64_t index = 0;
  for (int64_t stage = 0; stage < 3; ++stage) {
    if (stage > 0) {
      node = plan.splice(residual_block(channels, 2 * channels), node,
                         fmt::format("cells.{}", index++));
      channels *= 2;
    }
    const NetworkPlan cell_plan = make_cell(channels);
    for (int64_t i = 0; i < options_.cells_per_stage; ++i) {
      node = plan.splice(cell_plan, node, fmt::format("cells.{}", index++));
    }
  }
  node = plan.add(BatchNorm{channels}, {node}, "head.bn");
  node = plan.add(Relu{}, {node}, "head.relu");
  node = plan.add(GlobalAveragePool{}, {node}, "head.pool");
  node = plan.add(Linear{channels, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

std::optional<NetworkPlan> NasBench201::network(const Point& point) const {
  return assemble([&](int64_t channels) { return cell_->cell(point, channels); });
}

std::optional<SupernetPlan> NasBench201::supernet() const {
  return SupernetPlan{
      assemble([&](int64_t channels) { return mixed_cell(channels); }),
      {{"cell", static_cast<int64_t>(choices().size()), {kOperations.begin(), kOperations.end()}}}};
}

}  // namespace

void describe(Section& section, NasBench201Options& options) {
  section.integer("channels", options.channels, {1, 4096, ""}, "channels of the first stage");
  section.integer("cells_per_stage", options.cells_per_stage, {1, 100, ""},
                  "cells in each of the three stages");
  section.boolean("affine", options.affine,
                  "batch norms of cells have scale and offset; without, their convolutions have a "
                  "bias instead, as published supernets and scores before training have it");
  describe(section, options.task);
}

std::unique_ptr<Space> make_nas_bench_201(const NasBench201Options& options, TaskShape task) {
  return std::make_unique<NasBench201>(options, task);
}

}  // namespace nas
