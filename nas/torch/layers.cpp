#include "nas/torch/layers.hpp"

#include <cmath>
#include <utility>
#include <variant>

#include "nas/torch/attention.hpp"
#include "nas/torch/drop_path.hpp"
#include "nas/torch/learned_layers.hpp"
#include "nas/torch/mixed.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using Inputs = std::span<const torch::Tensor>;

constexpr double kEpsilon = 1e-5;
constexpr double kPositionDeviation = 0.02;  // as published with DeiT and AutoFormer

/// An function without weights, written as a function of its inputs and the pass.
template <class Function>
class Plain final : public LayerFunction {
 public:
  explicit Plain(Function function) : function_(std::move(function)) {}
  torch::Tensor forward(Inputs inputs, const Pass& pass) const override {
    return function_(inputs, pass);
  }

 private:
  Function function_;
};

template <class Function>
std::unique_ptr<LayerFunction> plain(Function function) {
  return std::make_unique<Plain<Function>>(std::move(function));
}

/// The name of a layer's weights and the table that they are registered in.
struct Owner {
  const std::string& name;
  WeightTable& weights;

  torch::Tensor parameter(const char* part, const std::vector<int64_t>& shape,
                          const WeightInit& init) const {
    return weights.parameter(name, part, shape, init);
  }
};

std::unique_ptr<LayerFunction> make(const Input&, const Owner&) { return nullptr; }

std::unique_ptr<LayerFunction> make(const Convolution& layer, const Owner& owner) {
  // As torch.nn.Conv2d, on which the published recipes of all cell spaces are tuned.
  const std::vector<int64_t> shape{layer.out_channels, layer.in_channels / layer.groups,
                                   layer.kernel.height, layer.kernel.width};
  const auto fan_in = static_cast<double>(shape[1] * shape[2] * shape[3]);
  const WeightInit init{WeightInit::Kind::uniform, 1.0 / std::sqrt(fan_in)};
  const torch::Tensor weight = owner.parameter("weight", shape, init);
  torch::Tensor bias;
  if (layer.bias) bias = owner.parameter("bias", {layer.out_channels}, init);
  return std::make_unique<ConvolutionFunction>(layer, weight, bias);
}

std::unique_ptr<LayerFunction> make(const BatchNorm& layer, const Owner& owner) {
  NormWeights norm;
  if (layer.affine) {
    norm.weight = owner.parameter("weight", {layer.channels}, {WeightInit::Kind::ones, 0});
    norm.bias = owner.parameter("bias", {layer.channels}, {});
  }
  norm.running_mean = owner.weights.buffer(owner.name, "running_mean", {layer.channels}, {});
  norm.running_variance = owner.weights.buffer(owner.name, "running_var", {layer.channels},
                                               {WeightInit::Kind::ones, 0});
  return std::make_unique<BatchNormFunction>(std::move(norm));
}

std::unique_ptr<LayerFunction> make(const Relu&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) { return at::relu(inputs[0]); });
}

std::unique_ptr<LayerFunction> make(const Activation& layer, const Owner&) {
  return plain([kind = layer.kind](Inputs inputs, const Pass&) {
    const torch::Tensor& x = inputs[0];
    switch (kind) {
      case Activation::Kind::relu6:
        return at::hardtanh(x, 0, 6);
      case Activation::Kind::swish:
        return at::silu(x);
      case Activation::Kind::hard_swish:
        return at::hardswish(x);
      case Activation::Kind::sigmoid:
        return at::sigmoid(x);
      case Activation::Kind::hard_sigmoid:
        return at::hardsigmoid(x);
    }
    return x;
  });
}

std::unique_ptr<LayerFunction> make(const MaxPool& layer, const Owner&) {
  return plain([layer](Inputs inputs, const Pass&) {
    return at::max_pool2d(inputs[0], {layer.kernel, layer.kernel}, {layer.stride, layer.stride},
                          {layer.padding, layer.padding});
  });
}

std::unique_ptr<LayerFunction> make(const AveragePool& layer, const Owner&) {
  return plain([layer](Inputs inputs, const Pass&) {
    return at::avg_pool2d(inputs[0], {layer.kernel, layer.kernel}, {layer.stride, layer.stride},
                          {layer.padding, layer.padding}, /*ceil_mode=*/false,
                          /*count_include_pad=*/false);
  });
}

std::unique_ptr<LayerFunction> make(const GlobalAveragePool&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) {
    return at::mean(inputs[0], at::IntArrayRef{2, 3}, /*keepdim=*/true);
  });
}

std::unique_ptr<LayerFunction> make(const Linear& layer, const Owner& owner) {
  // As torch.nn.Linear.
  const WeightInit init{WeightInit::Kind::uniform,
                        1.0 / std::sqrt(static_cast<double>(layer.in_features))};
  const torch::Tensor weight =
      owner.parameter("weight", {layer.out_features, layer.in_features}, init);
  torch::Tensor bias;
  if (layer.bias) bias = owner.parameter("bias", {layer.out_features}, init);
  return plain([weight, bias](Inputs inputs, const Pass&) {
    return at::linear(inputs[0].flatten(1), weight, bias);
  });
}

std::unique_ptr<LayerFunction> make(const Identity&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) { return inputs[0]; });
}

std::unique_ptr<LayerFunction> make(const Zero& layer, const Owner&) {
  return plain([layer](Inputs inputs, const Pass&) {
    const torch::Tensor& x = inputs[0];
    const int64_t height = (x.size(2) + layer.stride - 1) / layer.stride;
    const int64_t width = (x.size(3) + layer.stride - 1) / layer.stride;
    return at::empty({x.size(0), x.size(1), height, width}, x.options(),
                     at::MemoryFormat::ChannelsLast)
        .zero_();
  });
}

std::unique_ptr<LayerFunction> make(const Shift&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) { return inputs[0].slice(2, 1).slice(3, 1); });
}

std::unique_ptr<LayerFunction> make(const Resize& layer, const Owner&) {
  return plain([layer](Inputs inputs, const Pass&) {
    return at::_upsample_bilinear2d_aa(inputs[0], {layer.height, layer.width},
                                       /*align_corners=*/false);
  });
}

std::unique_ptr<LayerFunction> make(const Multiply&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) { return inputs[0] * inputs[1]; });
}

std::unique_ptr<LayerFunction> make(const Add&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) {
    if (inputs.size() == 1) return inputs[0];
    torch::Tensor sum = inputs[0] + inputs[1];
    for (const torch::Tensor& term : inputs.subspan(2)) sum.add_(term);
    return sum;
  });
}

std::unique_ptr<LayerFunction> make(const Concatenate&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) {
    return at::cat(at::TensorList(inputs.data(), inputs.size()), 1);
  });
}

/// A random mask of `shape` with the share `keep` of ones, scaled up to keep the mean. Drawn for
/// the whole batch, so that the number of processes changes nothing.
torch::Tensor random_mask(std::vector<int64_t> shape, const torch::TensorOptions& options,
                          double keep, const SharedBatch& batch) {
  const int64_t own = shape.front();
  if (batch.count > 0) shape.front() = batch.count;
  return at::empty(shape, options).bernoulli_(keep).div_(keep).narrow(0, batch.first, own);
}

/// Larsson et al. 2017, per sample as in the DARTS code.
std::unique_ptr<LayerFunction> make(const DropPath&, const Owner&) {
  return plain([](Inputs inputs, const Pass& pass) {
    const torch::Tensor& x = inputs[0];
    if (!drops_paths(pass)) return x;
    std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
    shape.front() = x.size(0);
    return x * path_mask(x.size(0), x.options(), pass).view(shape);
  });
}

std::unique_ptr<LayerFunction> make(const Dropout& layer, const Owner&) {
  return plain([layer](Inputs inputs, const Pass& pass) {
    const torch::Tensor& x = inputs[0];
    if (!pass.training || layer.probability <= 0) return x;
    return x * random_mask(x.sizes().vec(), x.options(), 1 - layer.probability, pass.shared);
  });
}

/// Channels come last in memory, so that no value moves for it.
std::unique_ptr<LayerFunction> make(const LayerNorm& layer, const Owner& owner) {
  const torch::Tensor weight =
      owner.parameter("weight", {layer.channels}, {WeightInit::Kind::ones, 0});
  const torch::Tensor bias = owner.parameter("bias", {layer.channels}, {});
  return plain([channels = layer.channels, weight, bias](Inputs inputs, const Pass&) {
    return at::layer_norm(inputs[0].permute({0, 2, 3, 1}), {channels}, weight, bias, kEpsilon)
        .permute({0, 3, 1, 2});
  });
}

std::unique_ptr<LayerFunction> make(const Gelu&, const Owner&) {
  return plain([](Inputs inputs, const Pass&) { return at::gelu(inputs[0]); });
}

std::unique_ptr<LayerFunction> make(const PositionEmbedding& layer, const Owner& owner) {
  const torch::Tensor weight =
      owner.parameter("weight", {1, layer.channels, layer.height, layer.width},
                      {WeightInit::Kind::normal, kPositionDeviation});
  return plain([weight](Inputs inputs, const Pass&) { return inputs[0] + weight; });
}

std::unique_ptr<LayerFunction> make(const Attention& layer, const Owner&) {
  return plain([layer](Inputs inputs, const Pass&) { return attention(inputs[0], layer); });
}

std::unique_ptr<LayerFunction> make(const Mixed& layer, const Owner& owner) {
  return make_mixed(layer, owner.name, owner.weights);
}

}  // namespace

torch::Tensor path_mask(int64_t samples, const torch::TensorOptions& options, const Pass& pass) {
  return random_mask({samples}, options, 1 - pass.drop_path, pass.shared);
}

std::unique_ptr<LayerFunction> make_layer_function(const Layer& layer, const std::string& owner,
                                                   WeightTable& weights) {
  return std::visit([&](const auto& kind) { return make(kind, Owner{owner, weights}); }, layer);
}

std::unique_ptr<LayerFunction> make_relu_in_place() {
  return plain([](Inputs inputs, const Pass&) {
    torch::Tensor x = inputs[0];
    return x.relu_();
  });
}

}  // namespace nas
