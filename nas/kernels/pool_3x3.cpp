#include "nas/kernels/pool_3x3.hpp"

#include "nas/kernels/grid_pool.hpp"
#include "nas/kernels/run_grid.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

PoolGrid pool_grid(const GridImage& input, Pool kind, int64_t stride) {
  PoolGrid grid;
  grid.input = input;
  grid.output = input;
  grid.output.height = static_cast<int32_t>((input.height - 1) / stride + 1);
  grid.output.width = static_cast<int32_t>((input.width - 1) / stride + 1);
  grid.stride = static_cast<int32_t>(stride);
  grid.largest = kind == Pool::largest;
  return grid;
}

class PoolFunction : public torch::autograd::Function<PoolFunction> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& input, Pool kind,
                               int64_t stride) {
    const torch::MemoryFormat format = input.suggest_memory_format();
    const torch::Tensor x = input.contiguous(format);
    const PoolGrid grid = pool_grid(grid_image(x, format), kind, stride);
    const std::vector<int64_t> shape{x.size(0), x.size(1), grid.output.height, grid.output.width};
    torch::Tensor y = torch::empty(shape, x.options(), format);
    torch::Tensor winners;
    if (grid.largest) winners = torch::empty(shape, x.options().dtype(torch::kUInt8), format);
    with_grid_type(x.scalar_type(), [&]<class T>(T) {
      uint8_t* chosen = grid.largest ? mutable_grid_data<uint8_t>(winners) : nullptr;
      run_grid(GridPoolForward<T>{grid, grid_data<T>(x), mutable_grid_data<T>(y), chosen},
               x.device());
    });
    context->save_for_backward({winners});
    context->saved_data["format"] = static_cast<int64_t>(format);
    context->saved_data["stride"] = stride;
    context->saved_data["shape"] = x.sizes().vec();
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const torch::Tensor winners = context->get_saved_variables().front();
    const auto format = static_cast<torch::MemoryFormat>(context->saved_data["format"].toInt());
    const torch::Tensor dy = gradients[0].contiguous(format);
    const torch::Tensor dx =
        torch::empty(context->saved_data["shape"].toIntVector(), dy.options(), format);
    const Pool kind = winners.defined() ? Pool::largest : Pool::mean;
    const PoolGrid grid =
        pool_grid(grid_image(dx, format), kind, context->saved_data["stride"].toInt());
    with_grid_type(dy.scalar_type(), [&]<class T>(T) {
      const uint8_t* chosen = grid.largest ? grid_data<uint8_t>(winners) : nullptr;
      run_grid(GridPoolBackward<T>{grid, grid_data<T>(dy), chosen, mutable_grid_data<T>(dx)},
               dy.device());
    });
    return {dx, torch::Tensor(), torch::Tensor()};
  }
};

}  // namespace

torch::Tensor pool_3x3(const torch::Tensor& x, Pool kind, int64_t stride) {
  return PoolFunction::apply(x, kind, stride);
}

}  // namespace nas
