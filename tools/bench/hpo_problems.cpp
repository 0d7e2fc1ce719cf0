#include "tools/bench/hpo_problems.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <string>

namespace nas {
namespace {

using std::numbers::pi;

double real(const Point& point, size_t i) { return std::get<double>(point.values[i]); }
double square(double x) { return x * x; }

/// x0, x1, ... on one interval.
Choices box(int64_t dimensions, double low, double high) {
  Choices choices;
  for (int64_t i = 0; i < dimensions; ++i) {
    choices.push_back({"x" + std::to_string(i), RealInterval{low, high}, std::nullopt});
  }
  return choices;
}

double branin(const Point& p) {
  const double x = real(p, 0);
  const double y = real(p, 1);
  return square(y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6) +
         10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

constexpr std::array kHeights{1.0, 1.2, 3.0, 3.2};

double hartmann3(const Point& p) {
  constexpr double a[4][3] = {{3, 10, 30}, {0.1, 10, 35}, {3, 10, 30}, {0.1, 10, 35}};
  constexpr double centre[4][3] = {{0.3689, 0.1170, 0.2673},
                                   {0.4699, 0.4387, 0.7470},
                                   {0.1091, 0.8732, 0.5547},
                                   {0.03815, 0.5743, 0.8828}};
  double sum = 0;
  for (size_t i = 0; i < 4; ++i) {
    double distance = 0;
    for (size_t j = 0; j < 3; ++j) distance += a[i][j] * square(real(p, j) - centre[i][j]);
    sum -= kHeights[i] * std::exp(-distance);
  }
  return sum;
}

double hartmann6(const Point& p) {
  constexpr double a[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                              {0.05, 10, 17, 0.1, 8, 14},
                              {3, 3.5, 1.7, 10, 17, 8},
                              {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double centre[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                   {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                   {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                   {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0;
  for (size_t i = 0; i < 4; ++i) {
    double distance = 0;
    for (size_t j = 0; j < 6; ++j) distance += a[i][j] * square(real(p, j) - centre[i][j]);
    sum -= kHeights[i] * std::exp(-distance);
  }
  return sum;
}

double ackley(const Point& p) {
  const auto n = static_cast<double>(p.values.size());
  double squares = 0;
  double waves = 0;
  for (size_t i = 0; i < p.values.size(); ++i) {
    squares += square(real(p, i));
    waves += std::cos(2 * pi * real(p, i));
  }
  return 20 - 20 * std::exp(-0.2 * std::sqrt(squares / n)) + std::numbers::e - std::exp(waves / n);
}

double levy(const Point& p) {
  const auto w = [&](size_t i) { return 1 + (real(p, i) - 1) / 4; };
  const size_t last = p.values.size() - 1;
  double sum =
      square(std::sin(pi * w(0))) + square(w(last) - 1) * (1 + square(std::sin(2 * pi * w(last))));
  for (size_t i = 0; i < last; ++i) {
    sum += square(w(i) - 1) * (1 + 10 * square(std::sin(pi * w(i) + 1)));
  }
  return sum;
}

double rosenbrock(const Point& p) {
  double sum = 0;
  for (size_t i = 0; i + 1 < p.values.size(); ++i) {
    sum += 100 * square(real(p, i + 1) - square(real(p, i))) + square(1 - real(p, i));
  }
  return sum;
}

double six_hump_camel(const Point& p) {
  const double x = square(real(p, 0));
  const double y = square(real(p, 1));
  return (4 - 2.1 * x + x * x / 3) * x + real(p, 0) * real(p, 1) + (4 * y - 4) * y;
}

double styblinski_tang(const Point& p) {
  double sum = 0;
  for (size_t i = 0; i < p.values.size(); ++i) {
    const double x = real(p, i);
    sum += (x * x * x * x - 16 * x * x + 5 * x) / 2;
  }
  return sum;
}

double griewank(const Point& p) {
  double sum = 0;
  double product = 1;
  for (size_t i = 0; i < p.values.size(); ++i) {
    sum += square(real(p, i)) / 4000;
    product *= std::cos(real(p, i) / std::sqrt(static_cast<double>(i + 1)));
  }
  return sum - product + 1;
}

double rastrigin(const Point& p) {
  double sum = 10 * static_cast<double>(p.values.size());
  for (size_t i = 0; i < p.values.size(); ++i) {
    sum += square(real(p, i)) - 10 * std::cos(2 * pi * real(p, i));
  }
  return sum;
}

/// An ellipsoid far from the middle, its axes of unlike importance.
double ellipsoid(const Point& p) {
  double sum = 0;
  for (size_t i = 0; i < p.values.size(); ++i) {
    sum += std::pow(10, static_cast<double>(i) / 2) * square(real(p, i) - 0.8);
  }
  return sum;
}

}  // namespace

std::vector<HpoProblem> continuous_problems() {
  const Choices branin_box{{"x", RealInterval{-5, 10}, std::nullopt},
                           {"y", RealInterval{0, 15}, std::nullopt}};
  const Choices camel_box{{"x", RealInterval{-3, 3}, std::nullopt},
                          {"y", RealInterval{-2, 2}, std::nullopt}};
  constexpr double kBranin = 0.39788735772973816;
  constexpr double kHartmann6 = -3.3223680114155152;
  return {{"branin", branin_box, kBranin, branin},
          {"hartmann6", box(6, 0, 1), kHartmann6, hartmann6},
          {"ackley5", box(5, -20, 32), 0, ackley},
          {"levy4", box(4, -10, 10), 0, levy},
          {"rosenbrock4", box(4, -2.5, 2.5), 0, rosenbrock},
          {"hartmann3", box(3, 0, 1), -3.8627797873327696, hartmann3},
          {"six_hump_camel", camel_box, -1.0316284534898774, six_hump_camel},
          {"styblinski_tang5", box(5, -5, 5), -39.166165703771419 * 5, styblinski_tang},
          {"griewank4", box(4, -40, 60), 0, griewank},
          {"rastrigin3", box(3, -5.12, 4), 0, rastrigin},
          {"ellipsoid8", box(8, -1, 1), 0, ellipsoid},
          {"noisy_branin", branin_box, kBranin, branin, 2},
          {"noisy_hartmann6", box(6, 0, 1), kHartmann6, hartmann6, 0.2}};
}

}  // namespace nas
