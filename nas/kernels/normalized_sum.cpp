#include "nas/kernels/normalized_sum.hpp"

#include <utility>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/kernels/grid_sum.hpp"
#include "nas/kernels/run_grid.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// What one pass forward leaves for the pass back. The y are kept by autograd meanwhile.
struct SumMemory : torch::CustomClassHolder {
  std::vector<SumTerm> terms;
  NormPass pass;
  torch::MemoryFormat format = torch::MemoryFormat::Contiguous;
  torch::Tensor mean;  // double [terms, channels]
  torch::Tensor inverse;

  int64_t count() const { return static_cast<int64_t>(terms.size()); }
};

template <class T>
TermImages<T> images_of(const std::vector<torch::Tensor>& ys, torch::MemoryFormat format) {
  TermImages<T> images;
  images.image = grid_image(ys.front(), format);
  images.count = static_cast<int64_t>(ys.size());
  for (size_t k = 0; k < ys.size(); ++k) images.y[k] = grid_data<T>(ys[k]);
  return images;
}

template <class W>
const W* data_or_null(const torch::Tensor& tensor) {
  return tensor.defined() ? grid_data<W>(tensor) : nullptr;
}

template <class W>
TermTable<W> table_of(const SumMemory& memory, int64_t channels) {
  TermTable<W> table;
  table.count = memory.count();
  table.channels = channels;
  for (size_t k = 0; k < memory.terms.size(); ++k) {
    const SumTerm& term = memory.terms[k];
    table.at[k].factor = data_or_null<W>(term.factor);
    if (!term.norm) continue;
    table.at[k].normalized = true;
    table.at[k].weight = data_or_null<W>(term.norm->weight);
    table.at[k].bias = data_or_null<W>(term.norm->bias);
    table.at[k].running_mean = mutable_grid_data<W>(term.norm->running_mean);
    table.at[k].running_variance = mutable_grid_data<W>(term.norm->running_variance);
  }
  return table;
}

/// double [terms, 2, channels]
template <class T>
torch::Tensor term_sums(const TermImages<T>& images, torch::Device device) {
  const int64_t chunks = chunks_of(images.image, images.count);
  const torch::Tensor parts = torch::empty({chunks, images.count, 2, images.image.channels},
                                           torch::dtype(torch::kDouble).device(device));
  run_grid(TermSums<T>{images, chunks, mutable_grid_data<double>(parts)}, device);
  return sum_of_rows(parts);
}

bool any_norm(const SumMemory& memory) {
  for (const SumTerm& term : memory.terms) {
    if (term.norm) return true;
  }
  return false;
}

template <class T>
torch::Tensor forward_of(SumMemory& memory, const std::vector<torch::Tensor>& ys) {
  using W = Wide<T>;
  const torch::Tensor& first = ys.front();
  const torch::Device device = first.device();
  const auto images = images_of<T>(ys, memory.format);
  const int64_t channels = images.image.channels;
  const bool batch = memory.pass.training && any_norm(memory);
  const torch::Tensor sums = batch ? term_sums(images, device) : torch::Tensor();
  const auto options = torch::dtype(wide_type(first.scalar_type())).device(device);
  const torch::Tensor maps = torch::empty({2, memory.count(), channels}, options);
  const torch::Tensor kept =
      torch::empty({2, memory.count(), channels}, options.dtype(torch::kDouble));
  memory.mean = kept[0];
  memory.inverse = kept[1];
  TermMaps<W> work;
  work.terms = table_of<W>(memory, channels);
  work.sums = data_or_null<double>(sums);
  work.values = static_cast<double>(images.image.pixels());
  work.momentum = memory.pass.momentum;
  work.epsilon = kNormEpsilon;
  work.mean = mutable_grid_data<double>(memory.mean);
  work.inverse = mutable_grid_data<double>(memory.inverse);
  work.scale = mutable_grid_data<W>(maps[0]);
  work.shift = mutable_grid_data<W>(maps[1]);
  run_grid(work, device);
  torch::Tensor out = torch::empty(first.sizes(), first.options(), memory.format);
  run_grid(MappedSum<T>{images, work.scale, work.shift, mutable_grid_data<T>(out)}, device);
  return out;
}

struct SumGradients {
  std::vector<torch::Tensor> y;          // undefined where not wanted
  torch::Tensor factor;                  // double [terms]
  torch::Tensor norm_weight, norm_bias;  // [terms, channels]
};

/// double [1 + terms, channels]
template <class T>
torch::Tensor gradient_sums(const TermImages<T>& images, const torch::Tensor& g) {
  const int64_t rows = 1 + images.count;
  const int64_t chunks = chunks_of(images.image, rows);
  const torch::Tensor parts = torch::empty({chunks, rows, images.image.channels},
                                           torch::dtype(torch::kDouble).device(g.device()));
  run_grid(GradientSums<T>{images, grid_data<T>(g), chunks, mutable_grid_data<double>(parts)},
           g.device());
  return sum_of_rows(parts);
}

template <class T>
SumGradients backward_of(const SumMemory& memory, const std::vector<torch::Tensor>& ys,
                         const torch::Tensor& g, const std::vector<bool>& wanted) {
  using W = Wide<T>;
  const auto images = images_of<T>(ys, memory.format);
  const int64_t channels = images.image.channels;
  const torch::Tensor sums = gradient_sums(images, g);
  const auto options = torch::dtype(wide_type(g.scalar_type())).device(g.device());
  const torch::Tensor rows = torch::empty({5, memory.count(), channels}, options);
  const torch::Tensor factor =
      torch::empty({memory.count(), channels}, options.dtype(torch::kDouble));
  GradientMaps<W> maps;
  maps.terms = table_of<W>(memory, channels);
  maps.sums = grid_data<double>(sums);
  maps.mean = grid_data<double>(memory.mean);
  maps.inverse = grid_data<double>(memory.inverse);
  maps.values = static_cast<double>(images.image.pixels());
  maps.a = mutable_grid_data<W>(rows[0]);
  maps.b = mutable_grid_data<W>(rows[1]);
  maps.c = mutable_grid_data<W>(rows[2]);
  maps.d_weight = mutable_grid_data<W>(rows[3]);
  maps.d_bias = mutable_grid_data<W>(rows[4]);
  maps.d_factor = mutable_grid_data<double>(factor);
  run_grid(maps, g.device());
  SumGradients result{std::vector<torch::Tensor>(ys.size()), factor.sum(1), rows[3], rows[4]};
  TermGradients<T> gradients{images, grid_data<T>(g), maps.a, maps.b, maps.c, {}};
  for (size_t k = 0; k < ys.size(); ++k) {
    if (!wanted[k]) continue;
    result.y[k] = torch::empty(g.sizes(), g.options(), memory.format);
    gradients.dy[k] = mutable_grid_data<T>(result.y[k]);
  }
  run_grid(gradients, g.device());
  return result;
}

/// Visits what a term has that may have a gradient, in one fixed order.
template <class Visit>
void visit_inputs(const SumTerm& term, const Visit& visit) {
  visit(term.y);
  if (term.factor.defined()) visit(term.factor);
  if (!term.norm) return;
  if (term.norm->weight.defined()) visit(term.norm->weight);
  if (term.norm->bias.defined()) visit(term.norm->bias);
}

class SumFunction : public torch::autograd::Function<SumFunction> {
 public:
  static torch::Tensor forward(AutogradContext* context, const at::TensorList& /*inputs*/,
                               const c10::intrusive_ptr<SumMemory>& memory) {
    std::vector<torch::Tensor> ys;
    for (SumTerm& term : memory->terms) {
      ys.push_back(term.y.detach().contiguous(memory->format));
      term.y.reset();
    }
    torch::Tensor out = with_grid_type(ys.front().scalar_type(),
                                       [&]<class T>(T) { return forward_of<T>(*memory, ys); });
    context->save_for_backward(std::move(ys));
    context->saved_data["memory"] = c10::IValue::make_capsule(memory);
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const auto memory =
        c10::static_intrusive_pointer_cast<SumMemory>(context->saved_data["memory"].toCapsule());
    const torch::Tensor g = gradients.front().contiguous(memory->format);
    const auto ys = context->get_saved_variables();
    std::vector<bool> wanted;
    size_t next = 0;
    for (const SumTerm& term : memory->terms) {
      wanted.push_back(context->needs_input_grad(next));
      visit_inputs(term, [&](const torch::Tensor&) { ++next; });
    }
    const SumGradients found = with_grid_type(
        g.scalar_type(), [&]<class T>(T) { return backward_of<T>(*memory, ys, g, wanted); });
    return in_order(*memory, found);
  }

 private:
  static variable_list in_order(const SumMemory& memory, const SumGradients& found) {
    variable_list result;
    for (int64_t k = 0; k < memory.count(); ++k) {
      const SumTerm& term = memory.terms[at(k)];
      result.push_back(found.y[at(k)]);
      if (term.factor.defined()) result.push_back(found.factor[k].to(term.factor.scalar_type()));
      if (!term.norm) continue;
      if (term.norm->weight.defined()) result.push_back(found.norm_weight[k]);
      if (term.norm->bias.defined()) result.push_back(found.norm_bias[k]);
    }
    result.emplace_back();  // of the memory
    return result;
  }
};

void check_types(const SumTerm& term, torch::ScalarType wide) {
  const auto check = [&](const torch::Tensor& tensor) {
    if (!tensor.defined() || tensor.scalar_type() == wide) return;
    throw RunError(std::string("sum of branches: found a weight of ") +
                   c10::toString(tensor.scalar_type()) + ", expected " + c10::toString(wide));
  };
  check(term.factor);
  if (!term.norm) return;
  for (const auto& tensor :
       {term.norm->weight, term.norm->bias, term.norm->running_mean, term.norm->running_variance}) {
    check(tensor);
  }
}

}  // namespace

torch::Tensor normalized_sum(std::span<const SumTerm> terms, const NormPass& pass) {
  const auto memory = c10::make_intrusive<SumMemory>();
  memory->terms.assign(terms.begin(), terms.end());
  memory->pass = pass;
  memory->format = terms.front().y.suggest_memory_format();
  std::vector<torch::Tensor> inputs;
  for (const SumTerm& term : terms) {
    check_types(term, wide_type(term.y.scalar_type()));
    visit_inputs(term, [&](const torch::Tensor& tensor) { inputs.push_back(tensor); });
  }
  return SumFunction::apply(at::TensorList(inputs), memory);
}

}  // namespace nas
