#include "search_spaces/mobilenet_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

constexpr int64_t kMultiple = 8;
constexpr int64_t kSqueeze = 4;      // times fewer channels between squeeze and excite
constexpr int64_t kSmallestMap = 4;  // that halvings leave by default

Layer activation_of(MobilenetActivation activation) {
  switch (activation) {
    case MobilenetActivation::relu:
      break;
    case MobilenetActivation::relu6:
      return Activation{Activation::Kind::relu6};
    case MobilenetActivation::swish:
      return Activation{Activation::Kind::swish};
    case MobilenetActivation::hard_swish:
      return Activation{Activation::Kind::hard_swish};
  }
  return Relu{};
}

Convolution pointwise(int64_t in, int64_t out) { return {in, out, {1, 1}, 1, {0, 0}, 1, 1, false}; }

int64_t add_conv_bn(PlanBuilder& plan, int64_t input, const Convolution& convolution,
                    const std::string& name) {
  const int64_t node = plan.add(convolution, {input}, name + ".conv");
  return plan.add(BatchNorm{convolution.out_channels}, {node}, name + ".bn");
}

int64_t add_conv_bn_act(PlanBuilder& plan, int64_t input, const Convolution& convolution,
                        MobilenetActivation activation, const std::string& name) {
  const int64_t node = add_conv_bn(plan, input, convolution, name);
  return plan.add(activation_of(activation), {node}, name + ".act");
}

/// Scales each channel by a function of all channels' means (Hu et al. 2018).
int64_t add_squeeze_excite(PlanBuilder& plan, int64_t input, int64_t channels) {
  const int64_t quotient = channels / kSqueeze;
  const int64_t squeezed = rounded_channels(static_cast<double>(quotient));
  const auto biased = [](int64_t in, int64_t out) {
    Convolution convolution = pointwise(in, out);
    convolution.bias = true;
    return convolution;
  };
  int64_t node = plan.add(GlobalAveragePool{}, {input}, "squeeze.pool");
  node = plan.add(biased(channels, squeezed), {node}, "squeeze.conv");
  node = plan.add(Relu{}, {node}, "squeeze.act");
  node = plan.add(biased(squeezed, channels), {node}, "excite.conv");
  node = plan.add(Activation{Activation::Kind::hard_sigmoid}, {node}, "excite.gate");
  return plan.add(Multiply{}, {input, node}, "excite.scale");
}

/// Which layers halve the map: the stem first, then each stage.
std::vector<int64_t> strides_of(const MobilenetOptions& options, const Shape& input) {
  std::vector<int64_t> strides{options.stem_stride};
  for (const auto& stage : options.stages) strides.push_back(stage.stride);
  int64_t left = options.halvings;
  if (left < 0) {
    int64_t side = options.resolutions.empty() ? std::min(input.height, input.width)
                                               : options.resolutions.back();
    for (left = 0; (side + 1) / 2 >= kSmallestMap; ++left) side = (side + 1) / 2;
  }
  for (auto stride = strides.rbegin(); stride != strides.rend(); ++stride) {
    if (*stride == 2 && left-- <= 0) *stride = 1;
  }
  return strides;
}

/// Channels and node of what was built last.
struct End {
  int64_t node = PlanBuilder::kInput;
  int64_t channels = 0;
};

End add_entrance(PlanBuilder& plan, const MobilenetOptions& options, const TaskShape& task,
                 const MobilenetFrame& frame, int64_t stride) {
  End end{PlanBuilder::kInput, task.input.channels};
  if (frame.resolution > 0) {
    end.node = plan.add(Resize{frame.resolution, frame.resolution}, {end.node}, "resize");
  }
  const int64_t stem = rounded_channels(static_cast<double>(options.stem) * frame.width);
  end.node =
      add_conv_bn_act(plan, end.node, {end.channels, stem, {3, 3}, stride, {1, 1}, 1, 1, false},
                      options.stem_activation, "stem");
  end.channels = stem;
  if (options.first == 0) return end;
  BottleneckSetting first;
  first.in = stem;
  first.out = rounded_channels(static_cast<double>(options.first) * frame.width);
  first.activation = options.first_activation;
  return {plan.splice(inverted_bottleneck(first), end.node, "first"), first.out};
}

End add_head(PlanBuilder& plan, const MobilenetOptions& options, const MobilenetFrame& frame,
             End end) {
  const auto act = options.head_activation;
  if (options.head > 0) {
    const int64_t head = rounded_channels(static_cast<double>(options.head) * frame.width);
    end = {add_conv_bn_act(plan, end.node, pointwise(end.channels, head), act, "head"), head};
  }
  end.node = plan.add(GlobalAveragePool{}, {end.node}, "pool");
  if (options.features > 0) {
    const int64_t features = rounded_channels(static_cast<double>(options.features) * frame.width);
    end.node = plan.add(pointwise(end.channels, features), {end.node}, "features.conv");
    end = {plan.add(activation_of(act), {end.node}, "features.act"), features};
  }
  return end;
}

}  // namespace

int64_t rounded_channels(double channels) {
  const auto nearest = static_cast<int64_t>(channels + kMultiple / 2.0) / kMultiple * kMultiple;
  const int64_t rounded = std::max(kMultiple, nearest);
  return static_cast<double>(rounded) < 0.9 * channels ? rounded + kMultiple : rounded;
}

NetworkPlan inverted_bottleneck(const BottleneckSetting& setting) {
  PlanBuilder plan;
  int64_t node = PlanBuilder::kInput;
  int64_t hidden = setting.in;
  if (setting.expansion > 1) {
    hidden = rounded_channels(
        static_cast<double>(std::llround(static_cast<double>(setting.in) * setting.expansion)));
    node = add_conv_bn_act(plan, node, pointwise(setting.in, hidden), setting.activation, "expand");
  }
  const int64_t pad = setting.kernel / 2;
  const Window kernel{setting.kernel, setting.kernel};
  node = add_conv_bn_act(plan, node,
                         {hidden, hidden, kernel, setting.stride, {pad, pad}, 1, hidden, false},
                         setting.activation, "depthwise");
  if (setting.squeeze_excite) node = add_squeeze_excite(plan, node, hidden);
  node = add_conv_bn(plan, node, pointwise(hidden, setting.out), "project");
  if (setting.stride == 1 && setting.in == setting.out) {
    node = plan.add(Add{}, {node, PlanBuilder::kInput}, "add");
  }
  return std::move(plan).finish({node});
}

NetworkPlan mobilenet_network(const MobilenetOptions& options, const TaskShape& task,
                              const MobilenetFrame& frame, const MakeBottleneck& make_block) {
  const auto strides = strides_of(options, task.input);
  PlanBuilder plan;
  End end = add_entrance(plan, options, task, frame, strides.front());
  for (size_t s = 0; s < options.stages.size(); ++s) {
    const MobilenetStage& stage = options.stages[s];
    BottleneckSetting setting;
    setting.out = rounded_channels(static_cast<double>(stage.channels) * frame.width);
    setting.squeeze_excite = stage.squeeze_excite;
    setting.activation = stage.activation;
    for (int64_t b = 0; b < frame.depths[s]; ++b) {
      setting.in = end.channels;
      setting.stride = b == 0 ? strides[s + 1] : 1;
      end = {plan.splice(make_block(s, b, setting), end.node,
                         fmt::format("stages.{}.blocks.{}", s, b)),
             setting.out};
    }
  }
  end = add_head(plan, options, frame, end);
  end.node = plan.add(Linear{end.channels, task.classes}, {end.node}, "classifier");
  return std::move(plan).finish({end.node});
}

}  // namespace nas
