#pragma once

#include "nas/hardware/latency_table.hpp"
#include "nas/plan/network.hpp"

namespace nas::test {

/// 3x8x8 -> convolution -> batch norm -> relu; the sum of its pool, zeros and itself; and a
/// dead end. What runs is convolution, batch norm, relu, pool, add.
inline NetworkPlan timed_plan() {
  Convolution convolution;
  convolution.in_channels = 3;
  convolution.out_channels = 4;
  convolution.kernel = {3, 3};
  convolution.padding = {1, 1};
  NetworkPlan plan;
  plan.nodes = {{Input{}, {}, "input"},
                {convolution, {0}, "convolution"},
                {BatchNorm{4, true}, {1}, "norm"},
                {Relu{}, {2}, "relu"},
                {AveragePool{}, {3}, "pool"},
                {Zero{}, {3}, "zero"},
                {Identity{}, {3}, "skip"},
                {Add{}, {4, 5, 6}, "sum"},
                {MaxPool{}, {3}, "dead end"}};
  plan.outputs = {7};
  return plan;
}

/// Powers of ten, so that a sum shows what is in it.
inline LatencyTable small_table() {
  LatencyTable table;
  table.file = "small.json";
  table.overhead = 0.5;
  const std::string wide = "4x8x8";
  table.entries = {
      {{"convolution 3 to 4, kernel 3x3, stride 1, padding 1x1, dilation 1, groups 1", {"3x8x8"}},
       1},
      {{"batch_norm 4, affine", {wide}}, 10},
      {{"relu", {wide}}, 100},
      {{"average_pool, kernel 3, stride 1, padding 1", {wide}}, 1000},
      {{"add", {wide, wide}}, 10'000}};
  return table;
}

}  // namespace nas::test
