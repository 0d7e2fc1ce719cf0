#include "controllers/random.hpp"

#include <vector>

#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

class Random : public Controller {
 public:
  explicit Random(const SearchContext& context) : context_(context) {}

  std::optional<Proposal> ask(int64_t number) override {
    const auto index = static_cast<size_t>(number);
    if (index < first_.size()) return Proposal{Job::evaluate, first_[index]};
    RandomStream random(context_.seed, "random.sample", static_cast<uint64_t>(number));
    return Proposal{Job::evaluate, sample(context_.space.choices(), random)};
  }
  void tell(const Trial&) override {}
  void warm_start(std::span<const Point> best_first) override {
    first_.assign(best_first.begin(), best_first.end());
  }
  // Proposals depend on nothing but the seed and the trial's number: there is no state.
  std::string save() const override { return ""; }
  void load(std::string_view) override {}

 private:
  SearchContext context_;
  std::vector<Point> first_;
};

}  // namespace

void describe(Section&, RandomOptions&) {}

std::unique_ptr<Controller> make_random(const RandomOptions&, const SearchContext& context) {
  return std::make_unique<Random>(context);
}

}  // namespace nas
