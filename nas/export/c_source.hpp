#pragma once

#include <string>
#include <vector>

#include "nas/export/c_program.hpp"
#include "nas/export/facts.hpp"
#include "nas/export/test_vector.hpp"
#include "nas/plan/network.hpp"

namespace nas {

struct SourceFile {
  std::string name;
  std::string content;
};

/// A network as self-contained C99: network.h, network.c and network_weights.h use no library but
/// math.h (and that only where a layer needs it), no heap, and one static arena; network_test.c
/// runs them on the test vector, and the Makefile compiles and tests them.
std::vector<SourceFile> c_source(const CProgram& program, const Shape& input,
                                 const NetworkFacts& facts, const TestVector& vector);

}  // namespace nas
