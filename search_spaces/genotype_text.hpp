#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "search_spaces/text_scanner.hpp"

namespace nas {

/// One `(operation,input)` of a genotype's text, and where its parts stand.
struct GenotypeItem {
  std::string operation;
  int64_t input = 0;
  TextScanner operation_at;
  TextScanner input_at;
};

/// Reads genotypes as DARTS' code prints them, `normal=[(op,0),...] normal_concat=[2,...] ...`, and
/// in Python's notation, `Genotype(normal=[('op', 0), ...], ...)`. Throws InputError.
class GenotypeReader {
 public:
  /// `what` names the notation in messages.
  GenotypeReader(std::string_view text, std::string_view what);

  /// `name=[...]` of two items a node; `take` sees each as it is read.
  void items(std::string_view name, int64_t nodes,
             const std::function<void(const GenotypeItem&)>& take);
  /// `name=[2,3]` or `name=range(2, 4)`, which must be `expected`.
  void concat(std::string_view name, std::span<const int64_t> expected);
  void end();

 private:
  void expect(std::string_view token);
  void key(std::string_view name);
  GenotypeItem item();

  TextScanner scanner_;
  bool python_;
};

/// `name=[(op,0),...] name_concat=[2,...]`
std::string genotype_cell_text(std::string_view name,
                               std::span<const std::pair<std::string_view, int64_t>> edges,
                               std::span<const int64_t> concat);

}  // namespace nas
