#include "nas/torch/joined_graph.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "nas/torch/drop_path.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// The branches of a term in one pass.
std::vector<BranchSource::Part> parts_of(const JoinedGraph::Term& term, const Pass& pass) {
  if (const auto* source = std::get_if<const BranchSource*>(&term.what)) {
    return (*source)->parts(pass);
  }
  return {{0, std::get<Branch>(term.what)}};
}

/// Goes through the steps with one graph at a time: what can joins it, what does not depend on it
/// runs before it, and the rest after it. Where a step that could begin a graph depends on what
/// runs after this one, the next begins.
class GraphJoiner {
 public:
  GraphJoiner(const NetworkPlan& plan, const std::vector<ProgramStep>& steps,
              const std::vector<int64_t>& outputs,
              std::vector<std::unique_ptr<JoinedGraph>>& graphs)
      : plan_(plan), graphs_(graphs) {
    for (const int64_t output : outputs) ++left_[output];
    for (const ProgramStep& step : steps) {
      for (const int64_t input : step.inputs) {
        ++left_[input];
        readers_[input] = step.output;
      }
    }
  }

  std::vector<ProgramStep> join(const std::vector<ProgramStep>& steps) {
    for (const ProgramStep& step : steps) {
      const bool late = std::any_of(step.inputs.begin(), step.inputs.end(),
                                    [&](int64_t input) { return late_.contains(input); });
      const bool begins = step.source != nullptr || ends_waiting(step);
      if (late && begins) end_graph();
      if ((late && !begins) || !joins(step)) leave(step);
    }
    end_graph();
    return std::move(result_);
  }

 private:
  using Term = JoinedGraph::Term;

  /// A value of the graph: one of its inputs or of its nodes.
  struct Value {
    enum class Of { inputs, nodes } of = Of::inputs;
    size_t number = 0;
  };
  /// A term that waits for the sum that alone reads it, if need be past the end of a graph:
  /// whatever else happens to run between them, sums take in the same terms.
  struct Waiting {
    std::vector<int64_t> over;  // slots
    Term term;
  };
  /// A term over values to be numbered.
  struct Joined {
    std::vector<Value> over;
    Term term;
  };
  struct Sum {
    std::vector<Joined> terms;
    int64_t left = 0;  // how often it is still read, under any name
    bool placed = false;
  };
  struct Concatenation {
    std::vector<size_t> nodes;
  };
  using Made = std::variant<Sum, Concatenation>;
  using Entry = std::variant<Value, Waiting>;

  /// Slots beyond the plan's nodes hold what comes before branches.
  template <class T>
  bool is(int64_t slot) const {
    return at(slot) < plan_.nodes.size() && std::holds_alternative<T>(plan_.nodes[at(slot)].layer);
  }

  /// The one that reads a slot, where just one step or the outside does.
  std::optional<int64_t> only_reader(int64_t slot) const {
    const auto left = left_.find(slot);
    const auto reader = readers_.find(slot);
    const bool one = left != left_.end() && left->second == 1 && reader != readers_.end();
    return one ? std::optional(reader->second) : std::nullopt;
  }

  /// Whether a sum alone reads the slot, perhaps behind a DropPath.
  bool waits(int64_t slot) const {
    auto reader = only_reader(slot);
    if (reader && is<DropPath>(*reader)) reader = only_reader(*reader);
    return reader && is<Add>(*reader);
  }

  bool joins(const ProgramStep& step) {
    const int64_t node = step.output;
    if (step.source != nullptr) {
      put(node, {step.inputs, {{}, step.source, false}});
      return true;
    }
    if (is<Add>(node)) return joins_sum(step);
    if (is<Concatenate>(node)) return joins_concatenation(step);
    if (!entries_.contains(step.inputs.front())) return false;
    if (is<Identity>(node)) {
      set_value(node, read(step.inputs.front()));
      return true;
    }
    return is<DropPath>(node) && joins_drop_path(step);
  }

  bool joins_drop_path(const ProgramStep& step) {
    if (!waits(step.output)) return false;
    const int64_t input = step.inputs.front();
    Waiting term{{input}, {{}, Branch(IdentityBranch{}), true}};
    if (auto* waiting = waiting_at(input)) {
      term.over = std::move(waiting->over);
      term.term.what = std::move(waiting->term.what);
      entries_.erase(input);
    }
    entries_.insert_or_assign(step.output, std::move(term));
    return true;
  }

  bool joins_sum(const ProgramStep& step) {
    const bool any = std::any_of(step.inputs.begin(), step.inputs.end(),
                                 [&](int64_t input) { return entries_.contains(input); });
    if (!any) return false;
    Sum sum;
    for (const int64_t input : step.inputs) {
      if (auto* waiting = waiting_at(input)) {
        sum.terms.push_back(joined(std::move(*waiting)));
        entries_.erase(input);
      } else {
        sum.terms.push_back({{read(input)}, {{}, Branch(IdentityBranch{}), false}});
      }
    }
    make(step.output, std::move(sum));
    return true;
  }

  Waiting* waiting_at(int64_t slot) {
    const auto found = entries_.find(slot);
    return found == entries_.end() ? nullptr : std::get_if<Waiting>(&found->second);
  }
  bool ends_waiting(const ProgramStep& step) {
    return std::any_of(step.inputs.begin(), step.inputs.end(),
                       [&](int64_t input) { return waiting_at(input) != nullptr; });
  }
  Joined joined(Waiting waiting) {
    Joined result{{}, std::move(waiting.term)};
    for (const int64_t slot : waiting.over) result.over.push_back(read(slot));
    return result;
  }

  /// Takes sums that nothing but the graph reads.
  bool joins_concatenation(const ProgramStep& step) {
    std::vector<size_t> parts;
    for (const int64_t input : step.inputs) {
      const auto found = entries_.find(input);
      const auto* value = found == entries_.end() ? nullptr : std::get_if<Value>(&found->second);
      if (value == nullptr || value->of != Value::Of::nodes) return false;
      const auto* sum = std::get_if<Sum>(&made_[value->number]);
      if (sum == nullptr || sum->placed || sum->left != 1) return false;
      parts.push_back(value->number);
    }
    for (const int64_t input : step.inputs) read(input);
    for (const size_t part : parts) std::get<Sum>(made_[part]).placed = true;
    made_.emplace_back(Concatenation{std::move(parts)});
    set_value(step.output, {Value::Of::nodes, made_.size() - 1});
    return true;
  }

  /// A slot's value, which is read once less after that.
  Value read(int64_t slot) {
    auto found = entries_.find(slot);
    if (found == entries_.end()) {
      const auto [known, added] = input_of_.emplace(slot, inputs_.size());
      if (added) inputs_.push_back(slot);
      return {Value::Of::inputs, known->second};
    }
    const Value value = std::get<Value>(entries_.at(slot));
    --left_[slot];
    if (Sum* sum = sum_of(value)) --sum->left;
    return value;
  }

  Sum* sum_of(const Value& value) {
    return value.of == Value::Of::nodes ? std::get_if<Sum>(&made_[value.number]) : nullptr;
  }

  void set_value(int64_t slot, const Value& value) {
    entries_.insert_or_assign(slot, value);
    if (Sum* sum = sum_of(value)) sum->left += left_[slot];
  }

  void make(int64_t slot, Sum sum) {
    made_.emplace_back(std::move(sum));
    set_value(slot, {Value::Of::nodes, made_.size() - 1});
  }

  /// A term waits for its sum, or becomes one of its own.
  void put(int64_t slot, Waiting term) {
    if (waits(slot)) {
      entries_.insert_or_assign(slot, std::move(term));
      return;
    }
    Sum sum;
    sum.terms.push_back(joined(std::move(term)));
    make(slot, std::move(sum));
  }

  void leave(const ProgramStep& step) {
    const bool depends = std::any_of(step.inputs.begin(), step.inputs.end(), [&](int64_t input) {
      return entries_.contains(input) || late_.contains(input);
    });
    if (!depends) {
      result_.push_back(step);
      return;
    }
    late_.insert(step.output);
    after_.push_back(step);
  }

  size_t number_of(const Value& value) const {
    return value.of == Value::Of::inputs ? value.number : inputs_.size() + value.number;
  }

  std::vector<JoinedGraph::Node> nodes() {
    std::vector<JoinedGraph::Node> nodes;
    for (Made& made : made_) {
      if (auto* sum = std::get_if<Sum>(&made)) {
        JoinedGraph::Sum terms;
        for (Joined& joined : sum->terms) {
          for (const Value& over : joined.over) joined.term.values.push_back(number_of(over));
          terms.push_back(std::move(joined.term));
        }
        nodes.emplace_back(std::move(terms));
        continue;
      }
      GraphConcatenation concatenation{std::get<Concatenation>(made).nodes};
      for (size_t& value : concatenation.values) value += inputs_.size();
      nodes.emplace_back(std::move(concatenation));
    }
    return nodes;
  }

  void end_graph() {
    ProgramStep step;
    std::vector<size_t> outputs;
    for (const auto& [slot, entry] : entries_) {
      const auto* value = std::get_if<Value>(&entry);
      if (value == nullptr || left_[slot] == 0) continue;
      step.outputs.push_back(slot);
      outputs.push_back(number_of(*value));
    }
    step.inputs = inputs_;
    if (!made_.empty()) {
      graphs_.push_back(std::make_unique<JoinedGraph>(nodes(), std::move(outputs)));
      step.graph = graphs_.back().get();
      result_.push_back(std::move(step));
    }
    result_.insert(result_.end(), after_.begin(), after_.end());
    inputs_.clear();
    input_of_.clear();
    made_.clear();
    std::erase_if(entries_,
                  [](const auto& entry) { return std::holds_alternative<Value>(entry.second); });
    late_.clear();
    after_.clear();
  }

  const NetworkPlan& plan_;
  std::vector<std::unique_ptr<JoinedGraph>>& graphs_;
  std::map<int64_t, int64_t> left_;     // how often each slot is still read
  std::map<int64_t, int64_t> readers_;  // of each slot, the last
  std::vector<ProgramStep> result_;
  // The graph in the making.
  std::vector<int64_t> inputs_;  // slots
  std::map<int64_t, size_t> input_of_;
  std::vector<Made> made_;
  std::map<int64_t, Entry> entries_;  // by slot
  // What depends on it and has not joined.
  std::set<int64_t> late_;
  std::vector<ProgramStep> after_;
};

}  // namespace

bool JoinedGraph::takes(const Pass& pass) const {
  const auto counts = [&](const Term& term) {
    const auto* source = std::get_if<const BranchSource*>(&term.what);
    return source == nullptr || !(*source)->gives_zeros(pass);
  };
  return std::all_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
    const auto* sum = std::get_if<Sum>(&node);
    return sum == nullptr || std::any_of(sum->begin(), sum->end(), counts);
  });
}

std::vector<torch::Tensor> JoinedGraph::forward(std::span<const torch::Tensor> inputs,
                                                const Pass& pass) const {
  BranchGraph graph;
  graph.outputs = outputs_;
  // Without inputs that no part of this pass is over.
  std::vector<size_t> number_of;
  for (const torch::Tensor& input : inputs) {
    number_of.push_back(graph.inputs.size());
    if (input.defined()) graph.inputs.push_back(input);
  }
  const size_t missing = inputs.size() - graph.inputs.size();
  const auto number = [&](size_t value) {
    return value < inputs.size() ? number_of[value] : value - missing;
  };
  for (size_t& output : graph.outputs) output = number(output);
  const torch::Tensor& x = graph.inputs.front();
  for (const Node& node : nodes_) {
    if (const auto* concatenation = std::get_if<GraphConcatenation>(&node)) {
      GraphConcatenation own = *concatenation;
      for (size_t& value : own.values) value = number(value);
      graph.nodes.emplace_back(std::move(own));
      continue;
    }
    GraphSum sum;
    for (const Term& term : std::get<Sum>(node)) {
      torch::Tensor mask;
      if (term.drop_path && drops_paths(pass)) mask = path_mask(x.size(0), x.options(), pass);
      for (BranchSource::Part& part : parts_of(term, pass)) {
        sum.terms.push_back({number(term.values[part.over]), std::move(part.branch), mask});
      }
    }
    graph.nodes.emplace_back(std::move(sum));
  }
  return branch_graph(std::move(graph), norm_pass(pass));
}

std::vector<ProgramStep> join_graphs(const NetworkPlan& plan, const std::vector<ProgramStep>& steps,
                                     const std::vector<int64_t>& outputs,
                                     std::vector<std::unique_ptr<JoinedGraph>>& graphs) {
  return GraphJoiner(plan, steps, outputs, graphs).join(steps);
}

}  // namespace nas
