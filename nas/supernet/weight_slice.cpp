#include "nas/supernet/weight_slice.hpp"

#include <sstream>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr size_t kConvolutionDims = 4;
constexpr size_t kFirstKernelDim = 2;

[[noreturn]] void refuse(const std::string& name, const torch::Tensor& whole,
                         const std::vector<int64_t>& shape) {
  std::ostringstream text;
  text << "shared weights: tensor '" << name << "': found " << whole.sizes()
       << ", expected one that holds " << at::IntArrayRef(shape);
  throw InputError(text.str());
}

}  // namespace

torch::Tensor weight_slice(const std::string& name, const torch::Tensor& whole,
                           const std::vector<int64_t>& shape) {
  if (whole.sizes() == at::IntArrayRef(shape)) return whole;
  if (static_cast<size_t>(whole.dim()) != shape.size()) refuse(name, whole, shape);
  const bool convolution = shape.size() == kConvolutionDims;
  torch::Tensor slice = whole;
  for (size_t i = 0; i < shape.size(); ++i) {
    const auto dim = static_cast<int64_t>(i);
    const int64_t surplus = whole.size(dim) - shape[i];
    const bool kernel = convolution && i >= kFirstKernelDim;
    if (surplus < 0 || (kernel && surplus % 2 != 0)) refuse(name, whole, shape);
    slice = slice.narrow(dim, kernel ? surplus / 2 : 0, shape[i]);
  }
  return convolution ? laid_out(slice) : slice;
}

torch::Tensor laid_out(const torch::Tensor& kernels) {
  // What build_network makes of a new weight: with one channel a group it leaves the order of
  // dimensions as it was, and a convolution may choose its algorithm by that.
  const torch::Tensor own =
      torch::empty(kernels.sizes(), torch::dtype(kernels.scalar_type()).device(torch::kMeta))
          .contiguous(torch::MemoryFormat::ChannelsLast);
  if (kernels.strides() == own.strides()) return kernels;
  return at::empty_strided(own.sizes(), own.strides(), kernels.options()).copy_(kernels);
}

}  // namespace nas
