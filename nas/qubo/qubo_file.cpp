#include <fmt/core.h>

#include <limits>
#include <set>

#include "nas/qubo/line_reader.hpp"
#include "nas/qubo/model_file.hpp"

namespace nas {
namespace {

using Words = std::vector<std::string_view>;

constexpr int64_t kMostVariables = 1'000'000;
constexpr int64_t kMostCounted = std::numeric_limits<int32_t>::max();  // of nodes and couplers

/// What the line `p qubo TOPOLOGY MAX_NODES NODES COUPLERS` announces.
struct Announced {
  int64_t variables = 0;
  int64_t nodes = 0;
  int64_t couplers = 0;
};

class QuboReader {
 public:
  QuboReader(std::string_view text, const std::string& file) : lines_(text, file) {}

  QuadraticModel read() {
    while (const auto words = lines_.next()) {
      if (words->front() == "c") continue;
      if (words->front() == "p") {
        read_program(*words);
      } else {
        read_entry(*words);
      }
    }
    check_counts();
    return std::move(model_);
  }

 private:
  void read_program(const Words& words) {
    if (program_) lines_.fail("a second line p", "one");
    if (words.size() != 6 || words[1] != "qubo") {
      lines_.fail(lines_.line(), "p qubo 0 VARIABLES NODES COUPLERS");
    }
    program_ = {lines_.index(words[3], kMostVariables), lines_.index(words[4], kMostCounted),
                lines_.index(words[5], kMostCounted)};
    for (int64_t i = 0; i < program_->variables; ++i) model_.add_variable(std::to_string(i));
  }

  void read_entry(const Words& words) {
    if (!program_) lines_.fail(lines_.line(), "first a line p qubo 0 VARIABLES NODES COUPLERS");
    if (words.size() != 3) lines_.fail(lines_.line(), "two variables and a number");
    const int64_t i = variable(words[0]);
    const int64_t j = variable(words[1]);
    if (i > j) lines_.fail(lines_.line(), "the smaller variable first");
    if (!seen_.emplace(i, j).second) lines_.fail(lines_.line(), "each pair once");
    ++(i == j ? nodes_ : couplers_);
    model_.add(i, j, lines_.number(words[2]));
  }

  int64_t variable(std::string_view word) const {
    const int64_t index = lines_.index(word, kMostCounted);
    if (index >= model_.size()) {
      lines_.fail(word, fmt::format("a variable below {}", model_.size()));
    }
    return index;
  }

  void check_counts() const {
    if (!program_) lines_.fail("the end", "a line p qubo 0 VARIABLES NODES COUPLERS");
    if (nodes_ != program_->nodes) {
      lines_.fail(fmt::format("{} nodes at the end", nodes_),
                  fmt::format("{} as announced", program_->nodes));
    }
    if (couplers_ != program_->couplers) {
      lines_.fail(fmt::format("{} couplers at the end", couplers_),
                  fmt::format("{} as announced", program_->couplers));
    }
  }

  LineReader lines_;
  QuadraticModel model_;
  std::optional<Announced> program_;
  std::set<std::pair<int64_t, int64_t>> seen_;
  int64_t nodes_ = 0;
  int64_t couplers_ = 0;
};

}  // namespace

QuadraticModel model_from_qubo(const std::string& text, const std::string& file) {
  return QuboReader(text, file).read();
}

std::string to_qubo(const QuadraticModel& any) {
  const QuadraticModel model = converted(any, Vartype::binary);
  std::string nodes;
  std::string couplers;
  int64_t count = 0;
  for (int64_t i = 0; i < model.size(); ++i) {
    nodes += fmt::format("{} {} {}\n", i, i, fixed_notation(model.linear[static_cast<size_t>(i)]));
  }
  for (const auto& [pair, bias] : model.quadratic) {
    if (bias == 0) continue;
    ++count;
    couplers += fmt::format("{} {} {}\n", pair.first, pair.second, fixed_notation(bias));
  }
  return fmt::format("c without the offset {}\np qubo 0 {} {} {}\n{}{}",
                     fixed_notation(model.offset), model.size(), model.size(), count, nodes,
                     couplers);
}

}  // namespace nas
