#pragma once

#include <optional>
#include <span>
#include <vector>

namespace nas {

double mean(std::span<const double> values);
/// Sample standard deviation (n - 1); 0 for fewer than two values.
double standard_deviation(std::span<const double> values);
double median(std::span<const double> values);
/// The value that a share `part` (0 to 1) of the values lie below, between neighbours linear in
/// their rank; 0 for none.
double quantile(std::span<const double> values, double part);

/// Approximately the normal quantile of a share in (0, 1) (the logistic one, scaled).
double normal_score(double share);
/// Those of the ranks of the values, equals sharing their mean rank: larger values, larger scores.
std::vector<double> normal_scores(std::span<const double> values);

/// Rank correlations of two lists of one length, equals sharing their mean rank; nothing where one
/// is constant or they have fewer than two values.
/// Spearman's rho: the linear correlation of the ranks.
std::optional<double> spearman(std::span<const double> a, std::span<const double> b);
/// Kendall's tau-b; takes time in the square of the length.
std::optional<double> kendall(std::span<const double> a, std::span<const double> b);

}  // namespace nas
