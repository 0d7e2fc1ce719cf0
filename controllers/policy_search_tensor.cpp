#include "controllers/policy_search_tensor.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "controllers/bytes_tensor.hpp"
#include "controllers/policy_optimizer_tensor.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kFormat = 1;
/// Accuracies are percent; the policy learns from shares.
constexpr double kRewardScale = 0.01;

/// Sums of several threads come in an order of their own; the policy's bits may not depend on how
/// many the evaluations use.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

struct Reward {
  Point point;
  double value = 0;
};

class PolicySearch final : public Controller {
 public:
  PolicySearch(const PolicySearchSetting& setting, const SearchContext& context)
      : setting_(setting),
        context_(context),
        policy_(context.space.choices(), setting.policy),
        optimizer_(make_policy_optimizer(policy_)) {}

  std::optional<Proposal> ask(int64_t number) override {
    const OneThread one_thread;
    RandomStream random(context_.seed, setting_.name + ".ask", static_cast<uint64_t>(number));
    return Proposal{Job::evaluate, policy_.sample(random)};
  }

  void tell(const Trial& trial) override {
    const auto value = reward(trial);
    if (!value || !trial.point) return;
    pending_.push_back({*trial.point, *value});
    if (static_cast<int64_t>(pending_.size()) >= setting_.batch) update();
  }

  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  std::optional<double> reward(const Trial& trial);
  void update();

  PolicySearchSetting setting_;
  SearchContext context_;
  LstmPolicy policy_;
  Optimizer optimizer_;
  std::optional<double> baseline_;
  std::optional<double> worst_;
  std::vector<Reward> pending_;
};

std::optional<double> PolicySearch::reward(const Trial& trial) {
  if (trial.job != Job::evaluate) return std::nullopt;
  const auto value = utility(context_.objectives.front(), trial);
  if (!value) return worst_;
  const double reward = *value * kRewardScale;
  worst_ = std::min(worst_.value_or(reward), reward);
  return reward;
}

void PolicySearch::update() {
  const OneThread one_thread;
  double mean = 0;
  for (const Reward& reward : pending_) mean += reward.value;
  mean /= static_cast<double>(pending_.size());
  const double expected = baseline_.value_or(mean);
  std::vector<Experience> experience;
  for (const Reward& reward : pending_) {
    experience.push_back({reward.point, reward.value - expected});
  }
  setting_.update(policy_, optimizer_, experience);
  baseline_ = setting_.baseline_decay * expected + (1 - setting_.baseline_decay) * mean;
  pending_.clear();
}

Json optional_number(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::optional<double> optional_number(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

std::string PolicySearch::save() const {
  Json state = {{"format", kFormat},
                {"weights", tensors_to_json(policy_.parameters())},
                {"adam", tensors_to_json(optimizer_.state())},
                {"baseline", optional_number(baseline_)},
                {"worst", optional_number(worst_)},
                {"pending", Json::array()}};
  for (const Reward& reward : pending_) {
    state["pending"].push_back(
        {{"point", to_json(context_.space.choices(), reward.point)}, {"reward", reward.value}});
  }
  std::string bytes;
  Json::to_cbor(state, bytes);
  return bytes;
}

void PolicySearch::load(std::string_view bytes) {
  try {
    const Json state = Json::from_cbor(bytes.begin(), bytes.end());
    if (state.at("format") != kFormat) throw InputError("another format");
    const NamedTensors weights = tensors_from_json(state.at("weights"));
    copy_tensors(policy_.parameters(), weights);
    optimizer_.load(tensors_from_json(state.at("adam")));
    baseline_ = optional_number(state.at("baseline"));
    worst_ = optional_number(state.at("worst"));
    pending_.clear();
    for (const Json& item : state.at("pending")) {
      pending_.push_back({point_from_json(context_.space.choices(), item.at("point")),
                          item.at("reward").get<double>()});
    }
  } catch (const nlohmann::json::exception& error) {
    throw InputError("state of controller " + setting_.name + ": " + error.what());
  }
}

}  // namespace

std::unique_ptr<Controller> make_policy_search(const PolicySearchSetting& setting,
                                               const SearchContext& context) {
  return std::make_unique<PolicySearch>(setting, context);
}

}  // namespace nas
