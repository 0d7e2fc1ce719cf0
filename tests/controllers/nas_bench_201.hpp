#pragma once

#include <map>

#include "nas/search/space.hpp"

namespace nas::testing {

/// Accuracy of every cell, CIFAR-10, 200 epochs; empty where the table is missing.
std::map<Point, double> nas_bench_201_table(const Space& space);

/// Millions of multiply-adds of the benchmark's network (16 channels, 5 cells a stage, CIFAR-10).
double nas_bench_201_cost(const Point& point);

}  // namespace nas::testing
