#include <set>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/registry.hpp"
#include "tests/search_spaces/nesting.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Options of the kinds that have no defaults.
std::string options_of(std::string_view kind) {
  if (kind == "parameters") {
    return ", parameters: {a: {type: float, low: 1e-5, high: 1, log: true},"
           " b: {type: categorical, choices: [x, y]},"
           " c: {type: int, low: 1, high: 9, when: {b: x}}}";
  }
  if (kind == "product") {
    return ", parts: {arch: {type: nas_bench_201, channels: 4}, params: {type: parameters"
           ", parameters: {a: {type: int, low: 1, high: 9}, b: {type: categorical, choices: [x, y]}"
           ", c: {type: float, low: 0, high: 1, when: {b: x}}}}}";
  }
  if (kind == "hierarchical") return ", cell_per: stage, cell: {type: nas_bench_201}";
  return "";
}

std::vector<std::unique_ptr<Space>> all_spaces(const TaskShape& task = {{3, 32, 32}, 7}) {
  std::vector<std::unique_ptr<Space>> spaces;
  for (const auto& row : space_registry()) {
    Component<Space, TaskShape> space;
    read_config_text(
        "space: {type: " + std::string(row.name) + options_of(row.name) + "}", "test", {},
        [&](Section& section) { space = read_component(section, "space", "", space_registry()); });
    spaces.push_back(space.make(task));
  }
  return spaces;
}

Point point_of(const Space& space, uint64_t index) {
  RandomStream random(5, "test", index);
  return sample(space.choices(), random);
}

TEST_CASE("Every space: points and their texts, JSON and networks agree") {
  for (const auto& space : all_spaces()) {
    INFO(space->name());
    for (uint64_t i = 0; i < 30; ++i) {
      RandomStream random(1, "test", i);
      const Point point = sample(space->choices(), random);
      CHECK_NOTHROW(check(space->choices(), point));
      CHECK(space->parse(space->text(point)) == point);
      CHECK(point_from_json(space->choices(), to_json(space->choices(), point)) == point);
      if (i >= 5) continue;
      const auto plan = space->network(point);
      if (!plan) continue;
      CHECK(shapes(*plan, space->task().input).back() == Shape{7, 1, 1});
      std::set<std::string> names;
      for (const auto& node : plan->nodes) CHECK(names.insert(node.name).second);
    }
  }
}

TEST_CASE("Every space: inputs may be wider than high") {
  const TaskShape task{{1, 40, 48}, 5};
  for (const auto& space : all_spaces(task)) {
    INFO(space->name());
    for (uint64_t i = 0; i < 5; ++i) {
      const auto plan = space->network(point_of(*space, i));
      if (plan) CHECK(shapes(*plan, task.input).back() == Shape{5, 1, 1});
    }
  }
}

TEST_CASE("Every space: a mutation changes exactly one choice and stays valid") {
  for (const auto& space : all_spaces()) {
    RandomStream random(2, "test");
    const Point parent = sample(space->choices(), random);
    for (int i = 0; i < 50; ++i) {
      const Point child = mutate(space->choices(), parent, random);
      CHECK_NOTHROW(check(space->choices(), child));
      int changed = 0;
      for (size_t k = 0; k < child.values.size(); ++k) {
        if (space->choices()[k].when) continue;  // comes and goes with another
        changed += child.values[k] != parent.values[k] ? 1 : 0;
      }
      CHECK(changed <= 1);
      CHECK_FALSE(child == parent);
    }
  }
}

TEST_CASE("Every supernet has valid shapes, and any weights derive a valid point") {
  for (const auto& space : all_spaces()) {
    const auto supernet = space->supernet();
    if (!supernet) continue;
    INFO(space->name());
    CHECK(shapes(supernet->network, space->task().input).back() == Shape{7, 1, 1});
    RandomStream random(3, "test");
    ArchitectureWeights weights;
    for (const auto& group : supernet->groups) {
      auto& values = weights.emplace_back();
      for (size_t i = 0; i < static_cast<size_t>(group.rows) * group.options.size(); ++i) {
        values.push_back(random.uniform());
      }
    }
    CHECK_NOTHROW(check(space->choices(), space->derive(weights)));
  }
}

/// Weights that no rule for batch norms decides on.
int64_t unnormed_parameters(NetworkPlan plan, const Shape& input) {
  for (Node& node : plan.nodes) {
    if (auto* norm = std::get_if<BatchNorm>(&node.layer)) norm->affine = false;
  }
  return cost(plan, input).parameters;
}

TEST_CASE("Every supernet: a point's path derives it, and holds the weights of its network") {
  for (const auto& space : all_spaces()) {
    if (!space->supernet()) {
      CHECK_FALSE(space->path(point_of(*space, 0)));
      continue;
    }
    INFO(space->name());
    for (uint64_t i = 0; i < 20; ++i) {
      const Point point = point_of(*space, i);
      CHECK(space->derive(*space->path(point)) == point);
      if (i >= 5) continue;
      const NetworkPlan part = *space->subnetwork(point);
      CHECK(shapes(part, space->task().input).back() == Shape{7, 1, 1});
      // ENAS adds up in its supernet what its networks concatenate (Pham et al. 2018), and of
      // NASNet's cells all nodes are put out, in part as zeros.
      if (space->name() == "enas_macro" || space->name() == "nasnet") continue;
      CHECK(unnormed_parameters(part, space->task().input) ==
            unnormed_parameters(*space->network(point), space->task().input));
    }
  }
}

TEST_CASE("Every space that shares weights holds those of each point under the same names") {
  for (const auto& space : all_spaces()) {
    const auto whole = space->shared_network();
    INFO(space->name());
    if (!whole) {
      CHECK_FALSE(space->subnetwork(point_of(*space, 0)));
      continue;
    }
    for (uint64_t i = 0; i < 10; ++i) {
      const NetworkPlan part = *space->subnetwork(point_of(*space, i));
      CHECK(shapes(part, space->task().input).back() == Shape{7, 1, 1});
      CHECK(test::nesting_fault(part, *whole).empty());
    }
  }
}

TEST_CASE("Every space draws cells whose edges join nodes that are there") {
  for (const auto& space : all_spaces()) {
    RandomStream random(4, "test");
    const Json drawing = space->drawing(sample(space->choices(), random));
    CHECK(drawing["cells"].empty() == !space->network(sample(space->choices(), random)));
    for (const auto& cell : drawing["cells"]) {
      for (const auto& edge : cell["edges"]) {
        CHECK(edge["from"].get<size_t>() < edge["to"].get<size_t>());
        CHECK(edge["to"].get<size_t>() < cell["nodes"].size());
      }
    }
  }
}

}  // namespace
}  // namespace nas
