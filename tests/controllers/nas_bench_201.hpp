#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "nas/search/space.hpp"

namespace nas::testing {

/// Accuracy of every cell, CIFAR-10, 200 epochs; empty where the table is missing.
std::map<Point, double> nas_bench_201_table(const Space& space);

/// The best accuracies that searches by a controller (as for make_controller) find in so many
/// trials, one search a seed; empty where the table is missing.
std::vector<double> bests_on_nas_bench_201(const std::string& config, int64_t trials,
                                           uint64_t seeds);

/// Millions of multiply-adds of the benchmark's network (16 channels, 5 cells a stage, CIFAR-10).
double nas_bench_201_cost(const Point& point);

}  // namespace nas::testing
