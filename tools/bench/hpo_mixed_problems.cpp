#include <array>
#include <cmath>

#include "tools/bench/hpo_problems.hpp"

namespace nas {
namespace {

double real(const Point& point, size_t i) { return std::get<double>(point.values[i]); }
int64_t whole(const Point& point, size_t i) { return std::get<int64_t>(point.values[i]); }
double square(double x) { return x * x; }
double log2_of(const Point& point, size_t i) {
  return std::log2(static_cast<double>(whole(point, i)));
}
double log10_of(const Point& point, size_t i) { return std::log10(real(point, i)); }

const Choices kTraining{{"rate", RealInterval{1e-5, 1, true}, std::nullopt},
                        {"decay", RealInterval{1e-7, 1e-1, true}, std::nullopt},
                        {"width", IntegerInterval{8, 1024, true}, std::nullopt},
                        {"depth", IntegerInterval{1, 12}, std::nullopt},
                        {"optimizer", Categorical{{"a", "b", "c", "d"}}, std::nullopt}};

/// The best learning rate depends on optimizer and depth.
double training(const Point& p) {
  constexpr std::array kOptimizers{0.3, 0.0, 0.6, 0.9};
  const int64_t optimizer = whole(p, 4);
  const auto deeper = static_cast<double>(whole(p, 3) - 6);
  const double best_rate = -2.5 - 0.5 * static_cast<double>(optimizer) - 0.15 * deeper;
  return kOptimizers[static_cast<size_t>(optimizer)] + square(log10_of(p, 0) - best_rate) +
         0.2 * square(log10_of(p, 1) + 4) + 0.1 * square(log2_of(p, 2) - 7) + 0.03 * square(deeper);
}

const Choices kConditionalOptimizer{
    {"optimizer", Categorical{{"sgd", "adam", "newton"}}, std::nullopt},
    {"rate", RealInterval{1e-6, 10, true}, Condition{0, {0, 1}}},
    {"momentum", RealInterval{0, 0.99}, Condition{0, {0}}},
    {"beta", RealInterval{1e-4, 0.5, true}, Condition{0, {1}}},
    {"history", IntegerInterval{1, 100}, Condition{0, {2}}},
    {"dropout", RealInterval{0, 0.8}, std::nullopt}};

double conditional_optimizer(const Point& p) {
  const double dropout = 2 * square(real(p, 5) - 0.2);
  switch (whole(p, 0)) {
    case 0:
      return dropout + 0.2 + 0.5 * square(log10_of(p, 1) + 1) + 5 * square(real(p, 2) - 0.9);
    case 1:
      return dropout + 0.5 * square(log10_of(p, 1) + 3) + 0.3 * square(log10_of(p, 3) + 2);
    default:
      return dropout + 0.4 + square(static_cast<double>(whole(p, 4) - 20) / 20);
  }
}

const Choices kConditionalLayers{{"layers", IntegerInterval{1, 4}, std::nullopt},
                                 {"width1", IntegerInterval{4, 512, true}, std::nullopt},
                                 {"width2", IntegerInterval{4, 512, true}, Condition{0, {2, 3, 4}}},
                                 {"width3", IntegerInterval{4, 512, true}, Condition{0, {3, 4}}},
                                 {"width4", IntegerInterval{4, 512, true}, Condition{0, {4}}},
                                 {"dropout", RealInterval{0, 0.9}, std::nullopt}};

double conditional_layers(const Point& p) {
  const int64_t layers = whole(p, 0);
  double sum = 0.3 * square(static_cast<double>(layers - 3)) + 4 * square(real(p, 5) - 0.3);
  for (int64_t i = 1; i <= layers; ++i) {
    sum += 0.1 * square(log2_of(p, static_cast<size_t>(i)) - static_cast<double>(8 - i));
  }
  return sum;
}

const Choices kOrdered{
    {"batch", Categorical{{"16", "32", "64", "128", "256", "512"}, true, {}}, std::nullopt},
    {"kernel", Categorical{{"1", "3", "5", "7"}, true, {}}, std::nullopt},
    {"activation", Categorical{{"relu", "gelu", "tanh", "sigmoid"}}, std::nullopt},
    {"norm", Categorical{{"none", "batch", "layer"}}, std::nullopt},
    {"rate", RealInterval{1e-5, 1, true}, std::nullopt}};

/// Without normalisation small learning rates are best, with large batches large ones.
double ordered(const Point& p) {
  constexpr std::array kActivations{0.1, 0.0, 0.3, 0.8};
  constexpr std::array kNorms{0.5, 0.0, 0.15};
  const auto batch = static_cast<double>(whole(p, 0));
  const double best_rate = -3 + 0.3 * batch - (whole(p, 3) == 0 ? 1 : 0);
  return kActivations[static_cast<size_t>(whole(p, 2))] + kNorms[static_cast<size_t>(whole(p, 3))] +
         0.05 * square(batch - 2) + 0.1 * square(static_cast<double>(whole(p, 1) - 1)) +
         0.5 * square(log10_of(p, 4) - best_rate);
}

Choices six_categoricals() {
  Choices choices;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    choices.push_back({name, Categorical{{"1", "2", "3", "4", "5"}}, std::nullopt});
  }
  return choices;
}

/// Options of six choices with costs of their own; neighbours are best right together.
double categories(const Point& p) {
  constexpr std::array kCosts{0.0, 3.0, 1.0, 4.0, 2.0};
  double sum = 0;
  for (size_t i = 0; i < 6; ++i) {
    const auto off = static_cast<size_t>(whole(p, i) + static_cast<int64_t>(2 * i + 1)) % 5;
    sum += kCosts[off] / (1 + static_cast<double>(i));
    if (i == 0) continue;
    const auto before = static_cast<size_t>(whole(p, i - 1) + static_cast<int64_t>(2 * i - 1)) % 5;
    if ((off == 0) != (before == 0)) sum += 0.5;
  }
  return sum;
}

const Choices kMixedRosenbrock{{"x0", RealInterval{-2.5, 2.5}, std::nullopt},
                               {"x1", IntegerInterval{-10, 10}, std::nullopt},
                               {"x2", RealInterval{-2.5, 2.5}, std::nullopt},
                               {"x3", IntegerInterval{-10, 10}, std::nullopt}};

/// Rosenbrock 4, every second number in steps of a quarter.
double mixed_rosenbrock(const Point& p) {
  const std::array x{real(p, 0), static_cast<double>(whole(p, 1)) / 4, real(p, 2),
                     static_cast<double>(whole(p, 3)) / 4};
  double sum = 0;
  for (size_t i = 0; i < 3; ++i) sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  return sum;
}

}  // namespace

std::vector<HpoProblem> mixed_problems() {
  return {{"training", kTraining, 0, training},
          {"conditional_optimizer", kConditionalOptimizer, 0, conditional_optimizer},
          {"conditional_layers", kConditionalLayers, 0, conditional_layers},
          {"ordered", kOrdered, 0, ordered},
          {"categories", six_categoricals(), 0, categories},
          {"mixed_rosenbrock", kMixedRosenbrock, 0, mixed_rosenbrock},
          {"noisy_training", kTraining, 0, training, 0.1}};
}

}  // namespace nas
