#include "nas/torch/graph_draft.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

GraphDraft::Value GraphDraft::input(int64_t slot) {
  const auto [known, added] = input_of_.emplace(slot, inputs_.size());
  if (added) inputs_.push_back(slot);
  return {Value::Of::inputs, known->second};
}

GraphDraft::Value GraphDraft::add(decltype(Made::node) node) {
  made_.push_back({std::move(node)});
  return {Value::Of::nodes, made_.size() - 1};
}

GraphDraft::Value GraphDraft::sum(std::vector<Term> terms) { return add(std::move(terms)); }

GraphDraft::Value GraphDraft::concatenation(const std::vector<Value>& parts) {
  for (const Value& part : parts) made_[part.number].placed = true;
  return add(Concatenation{parts});
}

GraphDraft::Value GraphDraft::passed_sum(
    const std::vector<std::pair<const BranchSource*, Value>>& sources) {
  const int64_t parts = sources.front().first->passed().parts;
  std::vector<Term> own;
  std::vector<Term> others;
  for (const auto& [source, x] : sources) {
    own.push_back({{slice({x, 0, 1, parts})}, {{}, source}});
    const Value passed = slice({x, 1, parts, parts});
    const bool halves = source->passed().stride == 2;
    others.push_back({{halves ? halved(passed) : passed}, {{}, PassedChannels{source}}});
  }
  const Value all = concatenation({sum(std::move(own)), sum(std::move(others))});
  return add(Shuffle{all, parts});
}

/// One node for all that read the same channels.
GraphDraft::Value GraphDraft::slice(const Slice& slice) {
  const auto known = slices_.find(slice);
  if (known != slices_.end()) return known->second;
  return slices_[slice] = add(slice);
}

GraphDraft::Value GraphDraft::halved(const Value& value) {
  const auto known = halved_.find(value);
  if (known != halved_.end()) return known->second;
  Branch pool = PoolBranch{Pool::largest, /*stride=*/2, {}, {}, /*window=*/2};
  return halved_[value] = sum({{{value}, {{}, std::move(pool)}}});
}

void GraphDraft::add_reads(const Value& value, int64_t count) {
  if (value.of == Value::Of::nodes) made_[value.number].left += count;
}

bool GraphDraft::may_be_part(const Value& value) const {
  if (value.of != Value::Of::nodes) return false;
  const Made& made = made_[value.number];
  const bool fits = std::holds_alternative<std::vector<Term>>(made.node) ||
                    std::holds_alternative<Shuffle>(made.node);
  return fits && !made.placed && made.left == 1;
}

size_t GraphDraft::number_of(const Value& value) const {
  return value.of == Value::Of::inputs ? value.number : inputs_.size() + value.number;
}

std::vector<JoinedGraph::Node> GraphDraft::nodes() const {
  std::vector<JoinedGraph::Node> nodes;
  for (const Made& made : made_) {
    if (const auto* terms = std::get_if<std::vector<Term>>(&made.node)) {
      JoinedGraph::Sum sum;
      for (const Term& term : *terms) {
        sum.push_back(term.term);
        for (const Value& over : term.over) sum.back().values.push_back(number_of(over));
      }
      nodes.emplace_back(std::move(sum));
    } else if (const auto* concatenation = std::get_if<Concatenation>(&made.node)) {
      GraphConcatenation own;
      for (const Value& part : concatenation->parts) own.values.push_back(number_of(part));
      nodes.emplace_back(std::move(own));
    } else if (const auto* slice = std::get_if<Slice>(&made.node)) {
      nodes.emplace_back(GraphSlice{number_of(slice->of), slice->first, slice->last, slice->parts});
    } else {
      const auto& shuffle = std::get<Shuffle>(made.node);
      nodes.emplace_back(GraphShuffle{number_of(shuffle.of), shuffle.groups});
    }
  }
  return nodes;
}

}  // namespace nas
