#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "nas/torch/joined_graph.hpp"

namespace nas {

/// The nodes of a JoinedGraph while it grows, when the number of its inputs is not known yet.
class GraphDraft {
 public:
  /// An input or a node.
  struct Value {
    enum class Of { inputs, nodes } of = Of::inputs;
    size_t number = 0;
    bool operator<(const Value& other) const {
      return std::tie(of, number) < std::tie(other.of, other.number);
    }
  };
  /// A term over values to be numbered.
  struct Term {
    std::vector<Value> over;
    JoinedGraph::Term term;
  };

  /// That which is computed in a slot of the program.
  Value input(int64_t slot);
  Value sum(std::vector<Term> terms);
  /// Of values that may_be_part().
  Value concatenation(const std::vector<Value>& parts);
  /// Sources, each over a value, that some of the channels pass, in as many parts: their sum.
  Value passed_sum(const std::vector<std::pair<const BranchSource*, Value>>& sources);

  /// How often a value will be read from here on, in all that it is called.
  void add_reads(const Value& value, int64_t count);
  /// Whether only its last read is left, and a concatenation may hold it.
  bool may_be_part(const Value& value) const;

  bool empty() const { return made_.empty(); }
  const std::vector<int64_t>& inputs() const { return inputs_; }
  size_t number_of(const Value& value) const;
  std::vector<JoinedGraph::Node> nodes() const;

 private:
  struct Concatenation {
    std::vector<Value> parts;
  };
  struct Slice {
    Value of;
    int64_t first = 0, last = 1, parts = 1;
    bool operator<(const Slice& other) const {
      return std::tie(of, first, last, parts) <
             std::tie(other.of, other.first, other.last, other.parts);
    }
  };
  struct Shuffle {
    Value of;
    int64_t groups = 1;
  };
  struct Made {
    std::variant<std::vector<Term>, Concatenation, Slice, Shuffle> node;
    int64_t left = 0;
    bool placed = false;  // in a concatenation
  };

  Value add(decltype(Made::node) node);
  Value slice(const Slice& slice);
  Value halved(const Value& value);

  std::vector<int64_t> inputs_;  // slots
  std::map<int64_t, size_t> input_of_;
  std::vector<Made> made_;
  std::map<Slice, Value> slices_;
  std::map<Value, Value> halved_;
};

}  // namespace nas
