#include "nas/torch/graph_joiner.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "nas/torch/graph_draft.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

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
  using Value = GraphDraft::Value;

  /// A term that waits for the sum that alone reads it, if need be past the end of a graph:
  /// whatever else happens to run between them, sums take in the same terms.
  struct Waiting {
    std::vector<int64_t> over;  // slots
    JoinedGraph::Term term;
  };
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

  bool is_read_by_sum(int64_t slot) const {
    const auto reader = only_reader(slot);
    return reader && is<Add>(*reader);
  }
  /// Whether a sum alone reads the slot, perhaps behind a DropPath.
  bool waits(int64_t slot) const {
    const auto reader = only_reader(slot);
    return reader && (is<DropPath>(*reader) ? is_read_by_sum(*reader) : is<Add>(*reader));
  }

  bool joins(const ProgramStep& step) {
    const int64_t node = step.output;
    if (step.source != nullptr) return joins_source(step);
    if (is<Add>(node)) return joins_sum(step);
    if (is<Concatenate>(node)) return joins_concatenation(step);
    if (!entries_.contains(step.inputs.front())) return false;
    if (is<Identity>(node)) {
      set_value(node, read(step.inputs.front()));
      return true;
    }
    return is<DropPath>(node) && joins_drop_path(step);
  }

  /// Not where other sources let another share of the channels pass: a value has one set of slices.
  bool joins_source(const ProgramStep& step) {
    Waiting term{step.inputs, {{}, step.source}};
    const int64_t parts = step.source->passed().parts;
    if (parts > 1) {
      if (parts_.value_or(parts) != parts) return false;
      parts_ = parts;
    }
    const bool waiting = parts > 1 ? is_read_by_sum(step.output) : waits(step.output);
    if (waiting) {
      entries_.insert_or_assign(step.output, std::move(term));
    } else {
      std::vector<Waiting> terms;
      terms.push_back(std::move(term));
      set_value(step.output, sum_of(std::move(terms)));
    }
    return true;
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
    std::vector<Waiting> terms;
    for (const int64_t input : step.inputs) {
      if (auto* waiting = waiting_at(input)) {
        terms.push_back(std::move(*waiting));
        entries_.erase(input);
      } else {
        terms.push_back({{input}, {{}, Branch(IdentityBranch{})}});
      }
    }
    set_value(step.output, sum_of(std::move(terms)));
    return true;
  }

  /// A node of it; what channels pass becomes one of its own first.
  Value sum_of(std::vector<Waiting> waiting) {
    std::vector<std::pair<const BranchSource*, Value>> passed;
    std::vector<GraphDraft::Term> terms;
    for (Waiting& term : waiting) {
      const auto* source = std::get_if<const BranchSource*>(&term.term.what);
      if (source != nullptr && (*source)->passed().parts > 1) {
        passed.emplace_back(*source, read(term.over.front()));
        continue;
      }
      terms.push_back({{}, std::move(term.term)});
      for (const int64_t slot : term.over) terms.back().over.push_back(read(slot));
    }
    if (passed.empty()) return draft_.sum(std::move(terms));
    const Value all = draft_.passed_sum(passed);
    if (terms.empty()) return all;
    terms.push_back({{all}, {{}, Branch(IdentityBranch{})}});
    return draft_.sum(std::move(terms));
  }

  Waiting* waiting_at(int64_t slot) {
    const auto found = entries_.find(slot);
    return found == entries_.end() ? nullptr : std::get_if<Waiting>(&found->second);
  }
  bool ends_waiting(const ProgramStep& step) {
    return std::any_of(step.inputs.begin(), step.inputs.end(),
                       [&](int64_t input) { return waiting_at(input) != nullptr; });
  }

  /// Takes what nothing but the graph reads.
  bool joins_concatenation(const ProgramStep& step) {
    std::vector<Value> parts;
    for (const int64_t input : step.inputs) {
      const auto found = entries_.find(input);
      const auto* value = found == entries_.end() ? nullptr : std::get_if<Value>(&found->second);
      if (value == nullptr || !draft_.may_be_part(*value)) return false;
      parts.push_back(*value);
    }
    for (const int64_t input : step.inputs) read(input);
    set_value(step.output, draft_.concatenation(parts));
    return true;
  }

  /// A slot's value, which is read once less after that.
  Value read(int64_t slot) {
    const auto found = entries_.find(slot);
    if (found == entries_.end()) return draft_.input(slot);
    const Value value = std::get<Value>(found->second);
    --left_[slot];
    draft_.add_reads(value, -1);
    return value;
  }

  void set_value(int64_t slot, const Value& value) {
    entries_.insert_or_assign(slot, value);
    draft_.add_reads(value, left_[slot]);
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

  void end_graph() {
    ProgramStep step;
    std::vector<size_t> outputs;
    for (const auto& [slot, entry] : entries_) {
      const auto* value = std::get_if<Value>(&entry);
      if (value == nullptr || left_[slot] == 0) continue;
      step.outputs.push_back(slot);
      outputs.push_back(draft_.number_of(*value));
    }
    step.inputs = draft_.inputs();
    if (!draft_.empty()) {
      graphs_.push_back(std::make_unique<JoinedGraph>(draft_.nodes(), std::move(outputs)));
      step.graph = graphs_.back().get();
      result_.push_back(std::move(step));
    }
    result_.insert(result_.end(), after_.begin(), after_.end());
    draft_ = {};
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
  GraphDraft draft_;
  std::map<int64_t, Entry> entries_;  // by slot
  // What depends on it and has not joined.
  std::set<int64_t> late_;
  std::vector<ProgramStep> after_;
  std::optional<int64_t> parts_;  // of the channels that pass
};

}  // namespace

std::vector<ProgramStep> join_graphs(const NetworkPlan& plan, const std::vector<ProgramStep>& steps,
                                     const std::vector<int64_t>& outputs,
                                     std::vector<std::unique_ptr<JoinedGraph>>& graphs) {
  return GraphJoiner(plan, steps, outputs, graphs).join(steps);
}

}  // namespace nas
