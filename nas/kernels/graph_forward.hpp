#pragma once

#include "nas/kernels/graph_run.hpp"

namespace nas {

/// Computes all values of a graph. Without training what has been read is let go.
template <class T>
void graph_forward(GraphRun<T>& run);

}  // namespace nas
