#include "nas/qubo/selection.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// What is selected among, as JSON or a table by the first byte.
void candidates(std::string_view input) {
  const bool json = take_byte(input) % 2 == 0;
  const auto path = file_with(input, json ? "candidates.json" : "candidates.csv");
  taken([&] {
    const Candidates read = json ? read_candidates(path) : candidates_of_table(path, "label");
    require(read.redundancy.size() == read.scores.size() && read.names.size() == read.scores.size(),
            "every candidate has a name, a score and a row");
  });
}

}  // namespace nas::fuzz
