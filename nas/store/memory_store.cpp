#include <fmt/core.h>

#include <map>

#include "nas/core/error.hpp"
#include "nas/store/finite.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {
namespace {

class MemoryStore : public TrialStore {
 public:
  void transaction(const std::function<void()>& change) override {
    const auto trials_before = trials_;
    const auto curves_before = curves_;
    const auto state_before = state_;
    try {
      change();
    } catch (...) {
      trials_ = trials_before;
      curves_ = curves_before;
      state_ = state_before;
      throw;
    }
  }

  void add(const Trial& trial) override {
    refuse_non_finite(trial);
    if (!trials_.emplace(trial.number, trial).second) {
      throw RunError(fmt::format("trial {} is there already", trial.number));
    }
  }

  void update(const Trial& trial) override {
    refuse_non_finite(trial);
    const auto found = trials_.find(trial.number);
    if (found == trials_.end()) {
      throw RunError(fmt::format("trial {} is not there to update", trial.number));
    }
    found->second = trial;
  }

  std::optional<Trial> find(int64_t number) const override {
    const auto found = trials_.find(number);
    return found == trials_.end() ? std::nullopt : std::optional(found->second);
  }

  std::vector<Trial> trials(int64_t first) const override {
    std::vector<Trial> list;
    for (auto it = trials_.lower_bound(first); it != trials_.end(); ++it)
      list.push_back(it->second);
    return list;
  }

  int64_t size() const override { return static_cast<int64_t>(trials_.size()); }

  void put_curve(int64_t number, const LearningCurve& curve) override { curves_[number] = curve; }

  LearningCurve curve(int64_t number) const override {
    const auto found = curves_.find(number);
    return found == curves_.end() ? LearningCurve() : found->second;
  }

  void put(std::string_view key, std::string_view bytes) override {
    state_[std::string(key)] = bytes;
  }

  std::optional<std::string> get(std::string_view key) const override {
    const auto found = state_.find(std::string(key));
    return found == state_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<int64_t, Trial> trials_;
  std::map<int64_t, LearningCurve> curves_;
  std::map<std::string, std::string> state_;
};

}  // namespace

std::unique_ptr<TrialStore> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace nas
