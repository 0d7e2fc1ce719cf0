#include "nas/kernels/relu_depthwise.hpp"

#include "nas/kernels/grid_depthwise.hpp"
#include "nas/kernels/run_grid.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// One convolution's tensors, all in the memory layout of x.
struct Work {
  torch::Tensor x;
  torch::Tensor weight;  // contiguous
  torch::MemoryFormat format = torch::MemoryFormat::Contiguous;
  DepthwiseStep step;

  DepthwiseGrid grid() const {
    DepthwiseGrid grid;
    grid.input = grid_image(x, format);
    grid.output = grid.input;
    grid.output.height = static_cast<int32_t>((x.size(2) - 1) / step.stride + 1);
    grid.output.width = static_cast<int32_t>((x.size(3) - 1) / step.stride + 1);
    grid.stride = static_cast<int32_t>(step.stride);
    grid.dilation = static_cast<int32_t>(step.dilation);
    return grid;
  }
};

/// Calls `use` with a value of the element's type and one of a type that names K.
template <class Use>
void with_kernel(const Work& work, const Use& use) {
  const int64_t kernel = work.weight.size(2);
  TORCH_CHECK(kernel == 3 || kernel == 5, "depthwise kernels of size ", kernel, " are not there");
  with_grid_type(work.x.scalar_type(), [&](auto element) {
    if (kernel == 3) {
      use(element, std::integral_constant<int, 3>());
    } else {
      use(element, std::integral_constant<int, 5>());
    }
  });
}

torch::Tensor forward_of(const Work& work) {
  const DepthwiseGrid grid = work.grid();
  torch::Tensor z =
      torch::empty({work.x.size(0), work.x.size(1), grid.output.height, grid.output.width},
                   work.x.options(), work.format);
  with_kernel(work, [&]<class T, int K>(T, std::integral_constant<int, K>) {
    run_grid(DepthwiseForward<T, K>{grid, grid_data<T>(work.x), grid_data<Wide<T>>(work.weight),
                                    mutable_grid_data<T>(z)},
             work.x.device());
  });
  return z;
}

torch::Tensor input_gradient(const Work& work, const torch::Tensor& dz) {
  torch::Tensor dx = torch::empty(work.x.sizes(), work.x.options(), work.format);
  with_kernel(work, [&]<class T, int K>(T, std::integral_constant<int, K>) {
    run_grid(DepthwiseInputGradient<T, K>{work.grid(), grid_data<T>(work.x),
                                          grid_data<Wide<T>>(work.weight), grid_data<T>(dz),
                                          mutable_grid_data<T>(dx)},
             work.x.device());
  });
  return dx;
}

torch::Tensor weight_gradient(const Work& work, const torch::Tensor& dz) {
  const DepthwiseGrid grid = work.grid();
  const int64_t chunks = chunks_of(grid.output, 1);
  std::vector<int64_t> shape = work.weight.sizes().vec();
  shape.insert(shape.begin(), chunks);
  const torch::Tensor parts = torch::empty(shape, work.weight.options());
  with_kernel(work, [&]<class T, int K>(T, std::integral_constant<int, K>) {
    run_grid(DepthwiseWeightGradient<T, K>{grid, grid_data<T>(work.x), grid_data<T>(dz), chunks,
                                           mutable_grid_data<Wide<T>>(parts)},
             work.x.device());
  });
  return sum_of_rows(parts);
}

class Function : public torch::autograd::Function<Function> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const DepthwiseStep& step) {
    const torch::MemoryFormat format = x.suggest_memory_format();
    const Work work{x.contiguous(format), weight.contiguous(), format, step};
    context->save_for_backward({work.x, work.weight});
    context->saved_data["format"] = static_cast<int64_t>(format);
    context->saved_data["stride"] = step.stride;
    context->saved_data["dilation"] = step.dilation;
    return forward_of(work);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Work work{
        saved[0],
        saved[1],
        static_cast<torch::MemoryFormat>(context->saved_data["format"].toInt()),
        {context->saved_data["stride"].toInt(), context->saved_data["dilation"].toInt()}};
    const torch::Tensor dz = gradients[0].contiguous(work.format);
    torch::Tensor dx;
    torch::Tensor dw;
    if (context->needs_input_grad(0)) dx = input_gradient(work, dz);
    if (context->needs_input_grad(1)) dw = weight_gradient(work, dz);
    return {dx, dw, torch::Tensor()};
  }
};

}  // namespace

torch::Tensor relu_depthwise(const torch::Tensor& x, const torch::Tensor& weight,
                             const DepthwiseStep& step) {
  return Function::apply(x, weight.to(wide_type(x.scalar_type())), step);
}

}  // namespace nas
