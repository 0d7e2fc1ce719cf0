#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "nas/export/integer_network.hpp"
#include "nas/export/memory.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// A network as C: the body of a function of `const float *input` and `float *output`, and what it
/// uses. Maps are [H, W, C] and convolutions' weights [out, height, width, in], as in CMSIS-NN and
/// TensorFlow Lite. In int8 the input lies, quantized, in the arena behind all else.
struct CProgram {
  std::string calls;
  /// Definitions of constant arrays.
  std::string constants;
  int64_t constant_bytes = 0;
  /// Whether anything does read the input: a network may give the same for all.
  bool reads_input = false;
  /// Names of c_kernels.
  std::set<std::string> kernels;
  MemoryPlan memory;
  /// Of the input in int8; nothing in float32.
  std::optional<Grid> input_grid = std::nullopt;
};

CProgram c_program(const TrainedNetwork& network);
CProgram c_program(const IntegerNetwork& network);

/// Type of the arena's numbers, and its bytes, at least one number.
std::string c_number_type(const CProgram& program);
int64_t arena_bytes(const CProgram& program, int64_t inputs);

/// A float as C's text for exactly it.
std::string c_number(float value);
/// `static const float name[size] = {...};`, lines of at most 100 columns.
std::string c_array(const std::string& name, const std::vector<float>& values);
std::string c_array(const std::string& name, const std::vector<int8_t>& values);
std::string c_array(const std::string& name, const std::vector<int32_t>& values);

}  // namespace nas
