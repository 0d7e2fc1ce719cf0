#include <array>
#include <memory>
#include <vector>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "search_spaces/registry.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {
namespace {

/// One of each kind; a new one goes to the end, or the corpus means other spaces.
constexpr std::array kSpaces{
    "type: nas_bench_201",
    "type: nats_size",
    "type: nas_bench_macro",
    "type: mobilenet",
    "type: darts, cells: 3",
    "type: robust_darts, cells: 3",
    "type: nasnet",
    "type: enas_macro",
    "type: resnet",
    "type: vit",
    "type: mlp",
    "type: conv1d",
    "type: hierarchical, cell_per: stage, cell: {type: nas_bench_201}",
    "type: parameters, parameters: {a: {type: float, low: 1e-5, high: 1, log: true},"
    " b: {type: categorical, choices: [x, y]}, c: {type: int, low: 1, high: 9, when: {b: x}}}",
    "type: product, parts: {arch: {type: nas_bench_201}, params: {type: parameters,"
    " parameters: {a: {type: int, low: 1, high: 9}}}}"};

std::unique_ptr<Space> made(const std::string& options) {
  Component<Space, TaskShape> space;
  read_config_text("space: {" + options + "}", "space", {}, [&](Section& section) {
    space = read_component(section, "space", "", space_registry());
  });
  return space.make({{3, 32, 32}, 7});
}

const std::vector<std::unique_ptr<Space>>& spaces() {
  static const auto all = [] {
    std::vector<std::unique_ptr<Space>> list;
    for (const char* options : kSpaces) list.push_back(made(options));
    return list;
  }();
  return all;
}

}  // namespace

/// The first byte picks the space.
void architecture(std::string_view input) {
  const Space& space = *spaces()[take_byte(input) % spaces().size()];
  Point point;
  if (!taken([&] { point = space.parse(input); })) return;
  check(space.choices(), point);
  const std::string text = space.text(point);
  require(space.parse(text) == point, "an architecture's text means the architecture");
  require(point_from_json(space.choices(), to_json(space.choices(), point)) == point,
          "an architecture's JSON means the architecture");
  space.canonical(point);
  if (const auto plan = space.network(point)) cost(*plan, space.task().input);
}

}  // namespace nas::fuzz
