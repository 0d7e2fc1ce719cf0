#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "nas/export/memory.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// A network as C: the body of a function of `const float *input` and `float *output`, and what it
/// uses. Maps are [H, W, C] and convolutions' weights [out, height, width, in], as in CMSIS-NN and
/// TensorFlow Lite.
struct CProgram {
  std::string calls;
  /// Definitions of constant arrays.
  std::string constants;
  int64_t constant_numbers = 0;
  /// Whether anything does read the input: a network may give the same for all.
  bool reads_input = false;
  /// Names of c_kernels.
  std::set<std::string> kernels;
  MemoryPlan memory;
};

CProgram c_program(const TrainedNetwork& network);

/// A float as C's text for exactly it.
std::string c_number(float value);
/// `static const float name[size] = {...};`, lines of at most 100 columns.
std::string c_array(const std::string& name, const std::vector<float>& values);

}  // namespace nas
