#include "search_spaces/resnet.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/candidates.hpp"
#include "search_spaces/nested_space.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

using Block = ResnetOptions::Block;
using Stem = ResnetOptions::Stem;

constexpr std::array<std::pair<std::string_view, Block>, 2> kBlocks{
    {{"basic", Block::basic}, {"bottleneck", Block::bottleneck}}};
constexpr std::array<std::pair<std::string_view, Stem>, 3> kStems{
    {{"auto", Stem::automatic}, {"cifar", Stem::cifar}, {"imagenet", Stem::imagenet}}};
constexpr int64_t kExpansion = 4;        // of a bottleneck
constexpr int64_t kImagenetPixels = 64;  // least side that the automatic stem halves twice
constexpr int64_t kChoicesPerStage = 2;  // depth, width

struct Stage {
  int64_t depth = 0;
  int64_t width = 0;
};

std::vector<int64_t> widths_of(const ResnetOptions& options, int64_t stage) {
  std::vector<int64_t> widths;
  for (const double share : options.widths) {
    widths.push_back(std::lround(static_cast<double>(options.channels << stage) * share));
  }
  return widths;
}

Choices make_choices(const ResnetOptions& options) {
  Choices choices;
  for (int64_t stage = 0; stage < options.stages; ++stage) {
    choices.push_back(
        {fmt::format("depth_{}", stage + 1), categorical_of(options.depths), std::nullopt});
    choices.push_back({fmt::format("width_{}", stage + 1),
                       categorical_of(widths_of(options, stage)), std::nullopt});
  }
  return choices;
}

class Resnet : public NestedSpace {
 public:
  Resnet(const ResnetOptions& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), choices_(make_choices(options)) {}

  std::string_view name() const override { return "resnet"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  std::vector<Stage> stages(const Point& point) const;
  int64_t add_stem(PlanBuilder& plan, int64_t width) const;

  ResnetOptions options_;
  TaskShape task_;
  Choices choices_;
};

std::vector<Stage> Resnet::stages(const Point& point) const {
  std::vector<Stage> stages;
  for (int64_t i = 0; i < options_.stages; ++i) {
    const auto chosen = [&](int64_t which) {
      return static_cast<size_t>(
          std::get<int64_t>(point.values[static_cast<size_t>(kChoicesPerStage * i + which)]));
    };
    stages.push_back({options_.depths[chosen(0)], widths_of(options_, i)[chosen(1)]});
  }
  return stages;
}

std::string Resnet::text(const Point& point) const {
  std::vector<std::string> parts;
  for (const auto& [depth, width] : stages(point)) {
    parts.push_back(fmt::format("{}x{}", depth, width));
  }
  return fmt::format("{}", fmt::join(parts, "-"));
}

Point Resnet::parse(std::string_view text) const {
  TextScanner scanner(text, "residual network");
  Point point;
  for (const Choice& choice : choices_) {
    const size_t index = point.values.size();
    if (index > 0) scanner.expect(index % kChoicesPerStage == 0 ? "-" : "x");
    point.values.emplace_back(scan_option(scanner, std::get<Categorical>(choice.domain)));
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

struct BlockSetting {
  Block block = Block::basic;
  int64_t in = 0;
  int64_t width = 0;
  int64_t stride = 1;
};

int64_t channels_after(Block block, int64_t width) {
  return block == Block::basic ? width : kExpansion * width;
}

int64_t add_conv_bn(PlanBuilder& plan, int64_t input, const Convolution& convolution,
                    int64_t number) {
  const int64_t node = plan.add(convolution, {input}, fmt::format("conv{}", number));
  return plan.add(BatchNorm{convolution.out_channels}, {node}, fmt::format("bn{}", number));
}

Convolution conv1x1(int64_t in, int64_t out, int64_t stride) {
  return {in, out, {1, 1}, stride, {0, 0}, 1, 1, false};
}

Convolution conv3x3(int64_t in, int64_t out, int64_t stride) {
  return {in, out, {3, 3}, stride, {1, 1}, 1, 1, false};
}

/// What is added to the shortcut.
int64_t add_residual(PlanBuilder& plan, const BlockSetting& s) {
  int64_t node = PlanBuilder::kInput;
  if (s.block == Block::basic) {
    node = add_conv_bn(plan, node, conv3x3(s.in, s.width, s.stride), 1);
    node = plan.add(Relu{}, {node}, "relu1");
    return add_conv_bn(plan, node, conv3x3(s.width, s.width, 1), 2);
  }
  node = add_conv_bn(plan, node, conv1x1(s.in, s.width, 1), 1);
  node = plan.add(Relu{}, {node}, "relu1");
  node = add_conv_bn(plan, node, conv3x3(s.width, s.width, s.stride), 2);
  node = plan.add(Relu{}, {node}, "relu2");
  return add_conv_bn(plan, node, conv1x1(s.width, kExpansion * s.width, 1), 3);
}

NetworkPlan block_of(const BlockSetting& s) {
  const int64_t out = channels_after(s.block, s.width);
  PlanBuilder plan;
  int64_t shortcut = PlanBuilder::kInput;
  if (s.stride != 1 || s.in != out) {
    shortcut = plan.add(conv1x1(s.in, out, s.stride), {shortcut}, "downsample.0");
    shortcut = plan.add(BatchNorm{out}, {shortcut}, "downsample.1");
  }
  int64_t node = plan.add(Add{}, {add_residual(plan, s), shortcut}, "add");
  node = plan.add(Relu{}, {node}, "relu");
  return std::move(plan).finish({node});
}

int64_t Resnet::add_stem(PlanBuilder& plan, int64_t width) const {
  const bool large = std::min(task_.input.height, task_.input.width) >= kImagenetPixels;
  const bool imagenet =
      options_.stem == Stem::imagenet || (options_.stem == Stem::automatic && large);
  const int64_t channels = task_.input.channels;
  int64_t node = add_conv_bn(plan, PlanBuilder::kInput,
                             imagenet ? Convolution{channels, width, {7, 7}, 2, {3, 3}, 1, 1, false}
                                      : conv3x3(channels, width, 1),
                             1);
  node = plan.add(Relu{}, {node}, "relu");
  return imagenet ? plan.add(MaxPool{3, 2, 1}, {node}, "maxpool") : node;
}

std::optional<NetworkPlan> Resnet::network(const Point& point) const {
  const std::vector<Stage> list = stages(point);
  PlanBuilder plan;
  int64_t channels = list.front().width;
  int64_t node = add_stem(plan, channels);
  for (size_t stage = 0; stage < list.size(); ++stage) {
    for (int64_t i = 0; i < list[stage].depth; ++i) {
      const int64_t stride = i == 0 && stage > 0 ? 2 : 1;
      node = plan.splice(block_of({options_.block, channels, list[stage].width, stride}), node,
                         fmt::format("layer{}.{}", stage + 1, i));
      channels = channels_after(options_.block, list[stage].width);
    }
  }
  node = plan.add(GlobalAveragePool{}, {node}, "avgpool");
  node = plan.add(Linear{channels, task_.classes}, {node}, "fc");
  return std::move(plan).finish({node});
}

Json Resnet::drawing(const Point& point) const {
  Json nodes = {"input"};
  Json edges = Json::array();
  for (const auto& [depth, width] : stages(point)) {
    edges.push_back({{"from", nodes.size() - 1},
                     {"to", nodes.size()},
                     {"label", fmt::format("{} blocks", depth)}});
    nodes.push_back(fmt::format("{}", channels_after(options_.block, width)));
  }
  return {{"cells", Json::array({{{"name", "stages"}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, ResnetOptions& options) {
  section.one_of("block", options.block, kBlocks, "what stages are made of");
  section.one_of("stem", options.stem, kStems,
                 "cifar: a 3x3 convolution; imagenet: 7x7 and a pooling, a quarter of the size; "
                 "auto: imagenet from 64x64 pixels on");
  section.integer("channels", options.channels, {1, 4096, ""},
                  "of the first stage at width 1, twice as many in every further one");
  section.integer("stages", options.stages, {1, 6, ""}, "each half the size of the one before");
  describe_candidates(section, {"depths", 1, 200, "blocks that a stage may have"}, options.depths);
  describe_candidates(section, {"widths", 0.01, 16, "shares of its channels a stage may have"},
                      options.widths);
  const std::vector<int64_t> narrowest = widths_of(options, 0);
  if (!narrowest.empty() &&
      (narrowest.front() < 1 ||
       std::adjacent_find(narrowest.begin(), narrowest.end()) != narrowest.end())) {
    section.mistake("widths",
                    fmt::format("give {} channels in the first stage, expected at least 1 "
                                "and each more than the one before",
                                fmt::join(narrowest, ", ")));
  }
  describe(section, options.task);
}

std::unique_ptr<Space> make_resnet(const ResnetOptions& options, TaskShape task) {
  return std::make_unique<Resnet>(options, task);
}

}  // namespace nas
