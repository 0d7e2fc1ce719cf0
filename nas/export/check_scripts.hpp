#pragma once

#include <string_view>

namespace nas {

/// Python programs that run an exported network on its test vector. Arguments: the
/// network's file and the vector's, whose tolerance (TestVector) they take. They print the largest
/// difference and what ran the network; exit status 77: a package is missing, named in the last
/// line; any other but 0: they do not agree.

std::string_view onnx_check_script();
std::string_view module_check_script();

}  // namespace nas
