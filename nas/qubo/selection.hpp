#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "nas/qubo/quadratic_model.hpp"

namespace nas {

/// Things out of which some are to be chosen: channels, features.
struct Candidates {
  std::vector<std::string> names;
  std::vector<double> scores;                   // what each is worth
  std::vector<std::vector<double>> redundancy;  // [n, n] symmetric: what two have in common
};

/// {"names": [text...], "scores": [number...], "redundancy": [[number...]...]}; names may be
/// missing. Throws InputError with the place, what was found and what was expected.
Candidates read_candidates(const std::filesystem::path& file);

/// Columns of a CSV file of numbers with a header line. A column's score is the absolute
/// correlation (Pearson) with the column `label`, which may also hold two different texts;
/// redundancy is that of two columns. Throws InputError with file, line and column.
Candidates candidates_of_table(const std::filesystem::path& file, const std::string& label);

struct SelectionOptions {
  int64_t chosen = 1;
  /// Weight of the mean redundancy against the mean score.
  double redundancy = 1;
};

/// The binary model, without penalty, whose energy where k = `chosen` are 1 is -k times (mean score
/// - redundancy * mean redundancy over all k^2 pairs, each with itself among them at 0): Peng et
/// al. 2005, "minimal redundancy, maximal relevance". Throws UsageError where there are not so
/// many.
QuadraticModel selection_model(const Candidates& candidates, const SelectionOptions& options);

}  // namespace nas
