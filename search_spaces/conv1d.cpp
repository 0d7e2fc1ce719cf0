#include "search_spaces/conv1d.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <array>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/candidates.hpp"
#include "search_spaces/nested_space.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr std::array<std::string_view, 3> kBefore{"-", "x", "k"};  // depth, width, kernel
constexpr size_t kChoicesPerStage = kBefore.size();
constexpr int64_t kStemKernel = 3;

struct Stage {
  int64_t depth = 0;
  int64_t width = 0;
  int64_t kernel = 0;
};

Choices make_choices(const Conv1dOptions& options) {
  Choices choices;
  for (int64_t stage = 1; stage <= options.stages; ++stage) {
    choices.push_back(
        {fmt::format("depth_{}", stage), categorical_of(options.depths), std::nullopt});
    choices.push_back(
        {fmt::format("width_{}", stage), categorical_of(options.widths), std::nullopt});
    choices.push_back(
        {fmt::format("kernel_{}", stage), categorical_of(options.kernels), std::nullopt});
  }
  return choices;
}

struct BlockSetting {
  int64_t in = 0;
  int64_t out = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
};

/// 1xkernel convolution along time and batch norm, named `conv<suffix>` and `bn<suffix>`.
int64_t add_conv_bn(PlanBuilder& plan, int64_t input, const BlockSetting& s, const char* suffix) {
  const Convolution convolution{s.in, s.out, {1, s.kernel}, s.stride, {0, s.kernel / 2},
                                1,    1,     false};
  const int64_t node = plan.add(convolution, {input}, fmt::format("conv{}", suffix));
  return plan.add(BatchNorm{s.out}, {node}, fmt::format("bn{}", suffix));
}

/// Two convolutions beside a shortcut, which is a 1x1 convolution where the shape changes.
NetworkPlan block_of(const BlockSetting& s) {
  PlanBuilder plan;
  int64_t node = add_conv_bn(plan, PlanBuilder::kInput, s, "1");
  node = plan.add(Relu{}, {node}, "relu1");
  node = add_conv_bn(plan, node, {s.out, s.out, s.kernel, 1}, "2");
  int64_t shortcut = PlanBuilder::kInput;
  if (s.stride != 1) {
    shortcut = add_conv_bn(plan, shortcut, {s.in, s.out, 1, s.stride}, "_shortcut");
    shortcut = plan.add(Relu{}, {shortcut}, "relu_shortcut");
  }
  node = plan.add(Add{}, {node, shortcut}, "add");
  node = plan.add(Relu{}, {node}, "relu2");
  return std::move(plan).finish({node});
}

class Conv1d : public NestedSpace {
 public:
  Conv1d(const Conv1dOptions& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), choices_(make_choices(options)) {}

  std::string_view name() const override { return "conv1d"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  std::vector<Stage> stages(const Point& point) const;

  Conv1dOptions options_;
  TaskShape task_;
  Choices choices_;
};

std::vector<Stage> Conv1d::stages(const Point& point) const {
  std::vector<Stage> stages;
  for (size_t i = 0; i < point.values.size(); i += kChoicesPerStage) {
    const auto chosen = [&](size_t which) {
      return static_cast<size_t>(std::get<int64_t>(point.values[i + which]));
    };
    stages.push_back(
        {options_.depths[chosen(0)], options_.widths[chosen(1)], options_.kernels[chosen(2)]});
  }
  return stages;
}

std::string Conv1d::text(const Point& point) const {
  std::vector<std::string> parts;
  for (const auto& [depth, width, kernel] : stages(point)) {
    parts.push_back(fmt::format("{}x{}k{}", depth, width, kernel));
  }
  return fmt::format("{}", fmt::join(parts, "-"));
}

Point Conv1d::parse(std::string_view text) const {
  TextScanner scanner(text, "convolutions along time");
  Point point;
  for (const Choice& choice : choices_) {
    const size_t index = point.values.size();
    if (index > 0) scanner.expect(kBefore[index % kChoicesPerStage]);
    point.values.emplace_back(scan_option(scanner, std::get<Categorical>(choice.domain)));
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

std::optional<NetworkPlan> Conv1d::network(const Point& point) const {
  const Shape& input = task_.input;
  int64_t channels = options_.channels;
  PlanBuilder plan;
  int64_t node = plan.add(Convolution{input.channels,
                                      channels,
                                      {input.height, kStemKernel},
                                      1,
                                      {0, kStemKernel / 2},
                                      1,
                                      1,
                                      false},
                          {PlanBuilder::kInput}, "stem.conv");
  node = plan.add(BatchNorm{channels}, {node}, "stem.bn");
  node = plan.add(Relu{}, {node}, "stem.relu");
  int64_t number = 0;
  for (const auto& [depth, width, kernel] : stages(point)) {
    for (int64_t i = 0; i < depth; ++i) {
      node = plan.splice(block_of({channels, width, kernel, i == 0 ? 2 : 1}), node,
                         fmt::format("stages.{}.{}", number, i));
      channels = width;
    }
    ++number;
  }
  node = plan.add(GlobalAveragePool{}, {node}, "pool");
  node = plan.add(Linear{channels, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

Json Conv1d::drawing(const Point& point) const {
  Json nodes = {"input"};
  Json edges = Json::array();
  for (const auto& [depth, width, kernel] : stages(point)) {
    edges.push_back({{"from", nodes.size() - 1},
                     {"to", nodes.size()},
                     {"label", fmt::format("{} blocks of conv 1x{}", depth, kernel)}});
    nodes.push_back(fmt::format("{}", width));
  }
  return {{"cells", Json::array({{{"name", "stages"}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, Conv1dOptions& options) {
  section.integer("channels", options.channels, {1, 4096, ""}, "of the stem");
  section.integer("stages", options.stages, {1, 12, ""}, "each half as long as the one before");
  describe_candidates(section, {"depths", 1, 100, "blocks that a stage may have"}, options.depths);
  describe_candidates(section, {"widths", 1, 65536, "channels that a stage may have"},
                      options.widths);
  describe_candidates(section, {"kernels", 1, 255, "odd widths in time of a stage's windows"},
                      options.kernels);
  for (const int64_t kernel : options.kernels) {
    if (kernel % 2 == 0) {
      section.mistake("kernels", fmt::format("found {}, expected odd numbers", kernel));
    }
  }
  describe(section, options.task);
}

std::unique_ptr<Space> make_conv1d(const Conv1dOptions& options, TaskShape task) {
  return std::make_unique<Conv1d>(options, task);
}

}  // namespace nas
