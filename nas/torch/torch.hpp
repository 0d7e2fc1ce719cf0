#pragma once

/// \file
/// The only place that includes LibTorch's umbrella header; it is the shared precompiled header.
/// Other headers use nas/torch/fwd.hpp.

#include <torch/torch.h>
