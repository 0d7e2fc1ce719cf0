#include "search_spaces/mobilenet.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/core/json.hpp"
#include "search_spaces/mobilenet_network.hpp"
#include "search_spaces/nested_space.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

/// Indices of options.
struct Block {
  int64_t kernel = 0;
  int64_t expansion = 0;
};

/// A point, taken apart. Resolution and width that are not chosen are 0.
struct Architecture {
  int64_t resolution = 0;
  int64_t width = 0;
  std::vector<std::vector<Block>> stages;
};

template <class Number>
std::vector<std::string> texts_of(const std::vector<Number>& numbers) {
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (const Number number : numbers) texts.push_back(fmt::format("{}", number));
  return texts;
}

Choices make_choices(const MobilenetOptions& options) {
  Choices choices;
  const auto add = [&](std::string name, std::vector<std::string> texts,
                       std::optional<Condition> when = std::nullopt) {
    choices.push_back({std::move(name), Categorical{std::move(texts)}, std::move(when)});
  };
  if (options.resolutions.size() > 1) add("resolution", texts_of(options.resolutions));
  if (options.widths.size() > 1) add("width", texts_of(options.widths));
  for (size_t s = 0; s < options.stages.size(); ++s) {
    const MobilenetStage& stage = options.stages[s];
    std::vector<int64_t> depths;
    for (int64_t d = stage.least_depth; d <= stage.depth; ++d) depths.push_back(d);
    const auto depth_choice = static_cast<int64_t>(choices.size());
    add(fmt::format("stage_{}.depth", s + 1), texts_of(depths));
    for (int64_t b = 0; b < stage.depth; ++b) {
      std::optional<Condition> when;
      if (b >= stage.least_depth) {
        when = Condition{depth_choice, {}};
        for (int64_t d = b + 1; d <= stage.depth; ++d) {
          when->options.push_back(d - stage.least_depth);
        }
      }
      const std::string block = fmt::format("stage_{}.block_{}.", s + 1, b + 1);
      add(block + "kernel", texts_of(options.kernels), when);
      add(block + "expansion", texts_of(options.expansions), when);
    }
  }
  return choices;
}

class Mobilenet : public NestedSpace {
 public:
  Mobilenet(const MobilenetOptions& options, const TaskShape& task)
      : options_(options),
        task_(applied(options.task, task)),
        choices_(make_choices(options)),
        kernels_(texts_of(options.kernels)),
        expansions_(texts_of(options.expansions)) {}

  std::string_view name() const override { return "mobilenet"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override;
  Point derive(const ArchitectureWeights& probabilities) const override;
  std::optional<ArchitectureWeights> path(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  Architecture architecture_of(const Point& point) const;
  Point point_of(const Architecture& architecture) const;
  Block parse_block(TextScanner& scanner) const;
  std::string block_text(const Block& block) const;
  MobilenetFrame frame_of(const Architecture& architecture) const;
  BottleneckSetting with_block(BottleneckSetting setting, const Block& block) const;
  std::vector<std::string> block_texts() const;

  MobilenetOptions options_;
  TaskShape task_;
  Choices choices_;
  std::vector<std::string> kernels_;
  std::vector<std::string> expansions_;
};

Architecture Mobilenet::architecture_of(const Point& point) const {
  Architecture architecture;
  size_t next = 0;
  const auto option = [&] { return std::get<int64_t>(point.values[next++]); };
  if (options_.resolutions.size() > 1) architecture.resolution = option();
  if (options_.widths.size() > 1) architecture.width = option();
  for (const auto& stage : options_.stages) {
    const int64_t depth = stage.least_depth + option();
    auto& blocks = architecture.stages.emplace_back();
    for (int64_t b = 0; b < depth; ++b) {
      const int64_t kernel = option();
      blocks.push_back({kernel, option()});
    }
    next += static_cast<size_t>(2 * (stage.depth - depth));
  }
  return architecture;
}

Point Mobilenet::point_of(const Architecture& architecture) const {
  Point point;
  if (options_.resolutions.size() > 1) point.values.emplace_back(architecture.resolution);
  if (options_.widths.size() > 1) point.values.emplace_back(architecture.width);
  for (size_t s = 0; s < options_.stages.size(); ++s) {
    const auto& blocks = architecture.stages[s];
    const size_t begin = point.values.size();
    const auto depth = static_cast<int64_t>(blocks.size());
    point.values.emplace_back(depth - options_.stages[s].least_depth);
    for (const Block& block : blocks) {
      point.values.emplace_back(block.kernel);
      point.values.emplace_back(block.expansion);
    }
    point.values.resize(begin + 1 + static_cast<size_t>(2 * options_.stages[s].depth));
  }
  return point;
}

std::string Mobilenet::block_text(const Block& block) const {
  return fmt::format("k{}e{}", kernels_[static_cast<size_t>(block.kernel)],
                     expansions_[static_cast<size_t>(block.expansion)]);
}

std::string Mobilenet::text(const Point& point) const {
  const Architecture architecture = architecture_of(point);
  std::vector<std::string> parts;
  if (options_.resolutions.size() > 1) {
    const auto option = static_cast<size_t>(architecture.resolution);
    parts.push_back(fmt::format("r{}", options_.resolutions[option]));
  }
  if (options_.widths.size() > 1) {
    parts.push_back(fmt::format("w{}", options_.widths[static_cast<size_t>(architecture.width)]));
  }
  for (const auto& stage : architecture.stages) {
    std::vector<std::string> blocks;
    blocks.reserve(stage.size());
    for (const Block& block : stage) blocks.push_back(block_text(block));
    parts.push_back(fmt::format("{}", fmt::join(blocks, ",")));
  }
  return fmt::format("{}", fmt::join(parts, ":"));
}

/// Which of the options comes next: the longest that fits.
int64_t parse_option(TextScanner& scanner, const std::vector<std::string>& options) {
  std::vector<std::string> longest_first = options;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const auto& option : longest_first) {
    if (scanner.accept(option)) {
      return std::find(options.begin(), options.end(), option) - options.begin();
    }
  }
  scanner.fail(fmt::format("one of {}", fmt::join(options, ", ")));
}

Block Mobilenet::parse_block(TextScanner& scanner) const {
  scanner.expect("k");
  const int64_t kernel = parse_option(scanner, kernels_);
  scanner.expect("e");
  return {kernel, parse_option(scanner, expansions_)};
}

Point Mobilenet::parse(std::string_view text) const {
  TextScanner scanner(text, "mobilenet");
  Architecture architecture;
  if (options_.resolutions.size() > 1) {
    scanner.expect("r");
    architecture.resolution = parse_option(scanner, texts_of(options_.resolutions));
    scanner.expect(":");
  }
  if (options_.widths.size() > 1) {
    scanner.expect("w");
    architecture.width = parse_option(scanner, texts_of(options_.widths));
    scanner.expect(":");
  }
  for (size_t s = 0; s < options_.stages.size(); ++s) {
    const MobilenetStage& stage = options_.stages[s];
    if (s > 0) scanner.expect(":");
    auto& blocks = architecture.stages.emplace_back();
    blocks.push_back(parse_block(scanner));
    while (static_cast<int64_t>(blocks.size()) < stage.depth) {
      if (!scanner.accept(",")) break;
      blocks.push_back(parse_block(scanner));
    }
    if (static_cast<int64_t>(blocks.size()) < stage.least_depth) {
      scanner.fail(
          fmt::format("',' and a block: stage {} has at least {}", s + 1, stage.least_depth));
    }
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point_of(architecture);
}

MobilenetFrame Mobilenet::frame_of(const Architecture& architecture) const {
  MobilenetFrame frame;
  frame.width = options_.widths[static_cast<size_t>(architecture.width)];
  if (!options_.resolutions.empty()) {
    frame.resolution = options_.resolutions[static_cast<size_t>(architecture.resolution)];
  }
  for (const auto& blocks : architecture.stages) {
    frame.depths.push_back(static_cast<int64_t>(blocks.size()));
  }
  return frame;
}

BottleneckSetting Mobilenet::with_block(BottleneckSetting setting, const Block& block) const {
  setting.kernel = options_.kernels[static_cast<size_t>(block.kernel)];
  setting.expansion = options_.expansions[static_cast<size_t>(block.expansion)];
  return setting;
}

std::optional<NetworkPlan> Mobilenet::network(const Point& point) const {
  const Architecture architecture = architecture_of(point);
  return mobilenet_network(options_, task_, frame_of(architecture),
                           [&](size_t stage, int64_t block, const BottleneckSetting& setting) {
                             return inverted_bottleneck(with_block(
                                 setting, architecture.stages[stage][static_cast<size_t>(block)]));
                           });
}

/// Every kernel with every expansion.
std::vector<std::string> Mobilenet::block_texts() const {
  std::vector<std::string> texts;
  for (size_t k = 0; k < kernels_.size(); ++k) {
    for (size_t e = 0; e < expansions_.size(); ++e) {
      texts.push_back(block_text({static_cast<int64_t>(k), static_cast<int64_t>(e)}));
    }
  }
  return texts;
}

/// Two groups: of the blocks that are always there, and of those that may be left out (Cai et al.
/// 2019, section 4.1). At the largest resolution and width.
std::optional<SupernetPlan> Mobilenet::supernet() const {
  std::vector<int64_t> rows{0, 0};
  const auto expansions = static_cast<int64_t>(expansions_.size());
  const auto options = static_cast<int64_t>(kernels_.size()) * expansions;
  const auto mixed = [&](size_t stage, int64_t block, const BottleneckSetting& setting) {
    const bool optional = block >= options_.stages[stage].least_depth;
    Mixed layer{optional ? 1 : 0, rows[optional ? 1 : 0]++, {}};
    for (int64_t i = 0; i < options; ++i) {
      layer.options.push_back(
          inverted_bottleneck(with_block(setting, {i / expansions, i % expansions})));
    }
    PlanBuilder skip;
    const int64_t identity = skip.add(Identity{}, {PlanBuilder::kInput}, "identity");
    if (optional) layer.options.push_back(std::move(skip).finish({identity}));
    PlanBuilder plan;
    const int64_t node = plan.add(std::move(layer), {PlanBuilder::kInput}, "mixed");
    return std::move(plan).finish({node});
  };
  MobilenetFrame frame;
  frame.width = options_.widths.back();
  if (!options_.resolutions.empty()) frame.resolution = options_.resolutions.back();
  for (const auto& stage : options_.stages) frame.depths.push_back(stage.depth);
  SupernetPlan supernet{mobilenet_network(options_, task_, frame, mixed), {}};
  supernet.groups.push_back({"required", rows[0], block_texts()});
  if (rows[1] > 0) {
    supernet.groups.push_back({"optional", rows[1], block_texts()});
    supernet.groups.back().options.emplace_back("skip_connect");
  }
  return supernet;
}

/// The likeliest option of each block; blocks behind one that is left out move up.
Point Mobilenet::derive(const ArchitectureWeights& probabilities) const {
  const auto expansions = static_cast<int64_t>(expansions_.size());
  const auto blocks_options = static_cast<int64_t>(kernels_.size()) * expansions;
  std::vector<int64_t> rows{0, 0};
  Architecture architecture;
  architecture.resolution = std::max<int64_t>(std::ssize(options_.resolutions) - 1, 0);
  architecture.width = std::ssize(options_.widths) - 1;
  for (const auto& stage : options_.stages) {
    auto& blocks = architecture.stages.emplace_back();
    for (int64_t b = 0; b < stage.depth; ++b) {
      const size_t group = b >= stage.least_depth ? 1 : 0;
      const int64_t options = blocks_options + static_cast<int64_t>(group);
      const auto begin = probabilities[group].begin() + options * rows[group]++;
      const int64_t best = std::max_element(begin, begin + options) - begin;
      if (best < blocks_options) blocks.push_back({best / expansions, best % expansions});
    }
  }
  return point_of(architecture);
}

/// Blocks that are left out are the last ones of their stage.
std::optional<ArchitectureWeights> Mobilenet::path(const Point& point) const {
  const Architecture architecture = architecture_of(point);
  const auto expansions = static_cast<int64_t>(expansions_.size());
  const size_t block_options = kernels_.size() * expansions_.size();
  ArchitectureWeights weights(2);
  for (size_t s = 0; s < options_.stages.size(); ++s) {
    const auto& blocks = architecture.stages[s];
    for (int64_t b = 0; b < options_.stages[s].depth; ++b) {
      const bool optional = b >= options_.stages[s].least_depth;
      auto& group = weights[optional ? 1 : 0];
      const size_t begin = group.size();
      group.resize(begin + block_options + (optional ? 1 : 0));
      size_t chosen = block_options;
      if (b < std::ssize(blocks)) {
        const Block& block = blocks[static_cast<size_t>(b)];
        chosen = static_cast<size_t>(block.kernel * expansions + block.expansion);
      }
      group[begin + chosen] = 1;
    }
  }
  if (weights.back().empty()) weights.pop_back();
  return weights;
}

/// The blocks of each stage, one after another.
Json Mobilenet::drawing(const Point& point) const {
  const Architecture architecture = architecture_of(point);
  Json cells = Json::array();
  for (size_t s = 0; s < architecture.stages.size(); ++s) {
    Json nodes = {"input"};
    Json edges = Json::array();
    for (const Block& block : architecture.stages[s]) {
      const auto& kernel = kernels_[static_cast<size_t>(block.kernel)];
      edges.push_back({{"from", nodes.size() - 1},
                       {"to", nodes.size()},
                       {"label", fmt::format("mbconv_{}x{} e{}", kernel, kernel,
                                             expansions_[static_cast<size_t>(block.expansion)])}});
      nodes.push_back(fmt::format("{}", nodes.size()));
    }
    cells.push_back({{"name", fmt::format("stage {}", s + 1)}, {"nodes", nodes}, {"edges", edges}});
  }
  return {{"cells", cells}};
}

}  // namespace

std::unique_ptr<Space> make_mobilenet(const MobilenetOptions& options, TaskShape task) {
  return std::make_unique<Mobilenet>(options, task);
}

}  // namespace nas
