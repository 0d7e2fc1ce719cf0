#pragma once

/// \file
/// What our LibTorch units share, as the precompiled header; other headers use nas/torch/fwd.hpp.
/// Not the umbrella torch/torch.h: each unit that includes it instantiates its templates again, 10
/// seconds in place of 3, with or without a precompiled header.

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/cuda.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
