#pragma once

#include <cstdint>
#include <vector>

#include "nas/kernels/graph_run.hpp"
#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/kernels/unit_backward.hpp"

namespace nas {

/// Where the gradient of a value goes.
struct GradientPlace {
  ImageView image;
  bool filled = false;  // whether what it holds counts
};

/// Where the gradients of all that read a value are gathered, in one pass over each sample.
template <class T>
struct ValuePass {
  size_t value = 0;
  GradientPlace place;
  std::vector<UnitPass<T>> units;
  struct PoolPass {
    size_t branch = 0;
    ImageView g;
    Coefficients<T> norm;
  };
  std::vector<PoolPass> pools;
  /// Of branches that are the value itself: the sum of factors * images, and a constant.
  struct Term {
    ImageView image;
    std::vector<T> factors;  // by channel,
    std::vector<T> samples;  // times that of the sample; empty: 1
  };
  std::vector<Term> terms;
  std::vector<T> constant;
};

/// What a value's gradient is for, once all of it is gathered.
template <class T>
struct GatheredPass {
  size_t value = 0;
  ImageView gradient;
  /// Where the value is a sum, for each of its terms: of the term's gradient, and of that times the
  /// term.
  ChunkSums<double> sums;
  /// Where it holds another value's channels shuffled: that one's gradient.
  ImageView unshuffled;
};

/// `readers`: what reads the value, each as it starts from the gradient of its sum.
template <class T>
ValuePass<T> value_pass(const GraphRun<T>& run, size_t value, const GradientPlace& place,
                        const std::vector<UnitStart>& readers, const UnitPassSetting& setting);

template <class T>
void cover(const GraphRun<T>& run, const ValuePass<T>& pass, SampleNeeds& needs);

/// Gathers a sample's gradient.
template <class T>
void run_value(const GraphRun<T>& run, ValuePass<T>& pass, const SamplePass<T>& at);

template <class T>
void run_gathered(const GraphRun<T>& run, GatheredPass<T>& pass, const SamplePass<T>& at);

}  // namespace nas
