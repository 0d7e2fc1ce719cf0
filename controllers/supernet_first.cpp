#include "controllers/supernet_first.hpp"

#include <string>
#include <utility>

#include "nas/core/error.hpp"

namespace nas {
namespace {

class SupernetFirst : public Controller {
 public:
  explicit SupernetFirst(std::unique_ptr<Controller> inner) : inner_(std::move(inner)) {}

  std::optional<Proposal> ask(int64_t number) override {
    if (number == 0) return Proposal{Job::supernet, std::nullopt};
    if (supernet_ != kTrained) return std::nullopt;
    auto proposal = inner_->ask(number - 1);
    if (proposal && proposal->continues) ++*proposal->continues;
    return proposal;
  }

  void tell(const Trial& trial) override {
    if (trial.job == Job::supernet) {
      supernet_ = trial.state == TrialState::complete ? kTrained : kFailed;
      return;
    }
    Trial shifted = trial;
    --shifted.number;
    if (shifted.continues) --*shifted.continues;
    inner_->tell(shifted);
  }

  bool may_continue(int64_t number) const override { return inner_->may_continue(number - 1); }
  Budget largest_budget() const override { return inner_->largest_budget(); }

  /// What became of the supernet, then the inner controller's bytes.
  std::string save() const override { return supernet_ + inner_->save(); }

  void load(std::string_view bytes) override {
    if (bytes.empty() || (bytes[0] != kWaiting && bytes[0] != kTrained && bytes[0] != kFailed)) {
      throw InputError("state of a search over shared weights: it does not begin with w, t or f");
    }
    supernet_ = bytes[0];
    inner_->load(bytes.substr(1));
  }

 private:
  static constexpr char kWaiting = 'w';
  static constexpr char kTrained = 't';
  static constexpr char kFailed = 'f';

  std::unique_ptr<Controller> inner_;
  char supernet_ = kWaiting;
};

}  // namespace

std::unique_ptr<Controller> make_supernet_first(std::unique_ptr<Controller> inner) {
  return std::make_unique<SupernetFirst>(std::move(inner));
}

}  // namespace nas
