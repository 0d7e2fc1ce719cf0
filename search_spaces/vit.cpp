#include "search_spaces/vit.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/candidates.hpp"
#include "search_spaces/nested_space.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

// Where the choices of a point stand: these two, then heads and ratio of each block.
constexpr size_t kEmbedding = 0;
constexpr size_t kDepth = 1;
constexpr size_t heads_at(int64_t block) { return 2 + 2 * static_cast<size_t>(block); }
constexpr size_t ratio_at(int64_t block) { return heads_at(block) + 1; }

Choices make_choices(const VitOptions& options) {
  Choices choices{{"embedding", categorical_of(options.embeddings), std::nullopt},
                  {"depth", categorical_of(options.depths), std::nullopt}};
  for (int64_t block = 0; block < options.depths.back(); ++block) {
    const auto when = from_number(options.depths, kDepth, block + 1);
    choices.push_back({fmt::format("heads_{}", block + 1), categorical_of(options.heads), when});
    choices.push_back(
        {fmt::format("mlp_ratio_{}", block + 1), categorical_of(options.mlp_ratios), when});
  }
  return choices;
}

struct BlockSetting {
  int64_t channels = 0;
  int64_t heads = 0;
  int64_t head_size = 0;
  int64_t hidden = 0;
};

/// What a linear layer does to each position.
Convolution linear(int64_t in, int64_t out) { return {in, out, {1, 1}, 1, {0, 0}, 1, 1, true}; }

/// Pre-norm: attention, then two linear layers, each added to what came in.
NetworkPlan block_of(const BlockSetting& s) {
  const int64_t inner = s.heads * s.head_size;
  PlanBuilder plan;
  int64_t node = plan.add(LayerNorm{s.channels}, {PlanBuilder::kInput}, "norm1");
  node = plan.add(linear(s.channels, 3 * inner), {node}, "attn.qkv");
  node = plan.add(Attention{inner, s.heads}, {node}, "attn.heads");
  node = plan.add(linear(inner, s.channels), {node}, "attn.proj");
  node = plan.add(DropPath{}, {node}, "attn.drop_path");
  const int64_t middle = plan.add(Add{}, {PlanBuilder::kInput, node}, "attn.add");
  node = plan.add(LayerNorm{s.channels}, {middle}, "norm2");
  node = plan.add(linear(s.channels, s.hidden), {node}, "mlp.fc1");
  node = plan.add(Gelu{}, {node}, "mlp.gelu");
  node = plan.add(linear(s.hidden, s.channels), {node}, "mlp.fc2");
  node = plan.add(DropPath{}, {node}, "mlp.drop_path");
  node = plan.add(Add{}, {middle, node}, "mlp.add");
  return std::move(plan).finish({node});
}

class Vit : public NestedSpace {
 public:
  Vit(const VitOptions& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), choices_(make_choices(options)) {
    const Shape& input = task_.input;
    if (input.height % options.patch_size != 0 || input.width % options.patch_size != 0) {
      throw ConfigError(
          {fmt::format("space.patch_size: found {}, expected a divisor of the input's "
                       "height {} and width {}",
                       options.patch_size, input.height, input.width)});
    }
  }

  std::string_view name() const override { return "vit"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  static size_t chosen(const Point& point, size_t choice) {
    return static_cast<size_t>(std::get<int64_t>(point.values[choice]));
  }
  int64_t depth(const Point& point) const { return options_.depths[chosen(point, kDepth)]; }
  int64_t heads(const Point& point, int64_t block) const {
    return options_.heads[chosen(point, heads_at(block))];
  }
  double ratio(const Point& point, int64_t block) const {
    return options_.mlp_ratios[chosen(point, ratio_at(block))];
  }
  std::vector<int64_t> scan_list(TextScanner& scanner, size_t choice) const;

  VitOptions options_;
  TaskShape task_;
  Choices choices_;
};

std::string Vit::text(const Point& point) const {
  std::vector<int64_t> heads_of;
  std::vector<double> ratios;
  for (int64_t block = 0; block < depth(point); ++block) {
    heads_of.push_back(heads(point, block));
    ratios.push_back(ratio(point, block));
  }
  return fmt::format("embed={} heads={} mlp={}", options_.embeddings[chosen(point, kEmbedding)],
                     fmt::join(heads_of, ","), fmt::join(categorical_of(ratios).options, ","));
}

/// Options of a choice, separated by commas.
std::vector<int64_t> Vit::scan_list(TextScanner& scanner, size_t choice) const {
  std::vector<int64_t> list;
  do {
    list.push_back(scan_option(scanner, std::get<Categorical>(choices_[choice].domain)));
  } while (scanner.accept(","));
  return list;
}

Point Vit::parse(std::string_view text) const {
  TextScanner scanner(text, "vision transformer");
  Point point{std::vector<Value>(choices_.size())};
  scanner.expect("embed=");
  point.values[kEmbedding] =
      scan_option(scanner, std::get<Categorical>(choices_[kEmbedding].domain));
  scanner.expect(" heads=");
  const TextScanner before = scanner;
  const std::vector<int64_t> heads_of = scan_list(scanner, heads_at(0));
  const auto found =
      std::find(options_.depths.begin(), options_.depths.end(), std::ssize(heads_of));
  if (found == options_.depths.end()) {
    before.fail(fmt::format("numbers for {} blocks", fmt::join(options_.depths, " or ")));
  }
  point.values[kDepth] = found - options_.depths.begin();
  scanner.expect(" mlp=");
  const TextScanner ratios_at = scanner;
  const std::vector<int64_t> ratios = scan_list(scanner, ratio_at(0));
  if (ratios.size() != heads_of.size()) {
    ratios_at.fail(fmt::format("numbers for {} blocks", heads_of.size()));
  }
  if (!scanner.at_end()) scanner.fail("the end");
  for (int64_t block = 0; block < *found; ++block) {
    point.values[heads_at(block)] = heads_of[static_cast<size_t>(block)];
    point.values[ratio_at(block)] = ratios[static_cast<size_t>(block)];
  }
  return point;
}

std::optional<NetworkPlan> Vit::network(const Point& point) const {
  const int64_t channels = options_.embeddings[chosen(point, kEmbedding)];
  const int64_t patch = options_.patch_size;
  PlanBuilder plan;
  int64_t node = plan.add(
      Convolution{task_.input.channels, channels, {patch, patch}, patch, {0, 0}, 1, 1, true},
      {PlanBuilder::kInput}, "patch_embed");
  node =
      plan.add(PositionEmbedding{channels, task_.input.height / patch, task_.input.width / patch},
               {node}, "pos_embed");
  for (int64_t block = 0; block < depth(point); ++block) {
    const double hidden = static_cast<double>(channels) * ratio(point, block);
    node = plan.splice(
        block_of({channels, heads(point, block), options_.head_size, static_cast<int64_t>(hidden)}),
        node, fmt::format("blocks.{}", block));
  }
  node = plan.add(LayerNorm{channels}, {node}, "norm");
  node = plan.add(GlobalAveragePool{}, {node}, "pool");
  node = plan.add(Linear{channels, task_.classes}, {node}, "head");
  return std::move(plan).finish({node});
}

/// The blocks in a row.
Json Vit::drawing(const Point& point) const {
  Json nodes = {"patches"};
  Json edges = Json::array();
  for (int64_t block = 0; block < depth(point); ++block) {
    nodes.push_back(fmt::format("{}", block + 1));
    edges.push_back(
        {{"from", block},
         {"to", block + 1},
         {"label", fmt::format("{} heads, MLP {}", heads(point, block), ratio(point, block))}});
  }
  const auto name = fmt::format("{} channels", options_.embeddings[chosen(point, kEmbedding)]);
  return {{"cells", Json::array({{{"name", name}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, VitOptions& options) {
  section.integer("patch_size", options.patch_size, {1, 4096, ""},
                  "side of the patches; divides the input's height and width");
  section.integer("head_size", options.head_size, {1, 1024, ""}, "channels of a head");
  describe_candidates(section, {"embeddings", 1, 65536, "channels of a patch, one for all blocks"},
                      options.embeddings);
  describe_candidates(section, {"depths", 1, 200, "blocks"}, options.depths);
  describe_candidates(section, {"heads", 1, 256, "heads that a block may have"}, options.heads);
  describe_candidates(section, {"mlp_ratios", 1, 16, "hidden channels of a block by embedding"},
                      options.mlp_ratios);
  describe(section, options.task);
}

std::unique_ptr<Space> make_vit(const VitOptions& options, TaskShape task) {
  return std::make_unique<Vit>(options, task);
}

}  // namespace nas
