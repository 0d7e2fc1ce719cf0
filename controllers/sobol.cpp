#include "controllers/sobol.hpp"

#include "controllers/sobol_points.hpp"

namespace nas {
namespace {

class Sobol : public Controller {
 public:
  explicit Sobol(const SearchContext& context)
      : points_(context.space.choices(), context.seed, "sobol") {}

  std::optional<Proposal> ask(int64_t number) override {
    return Proposal{Job::evaluate, points_.point(number)};
  }
  void tell(const Trial&) override {}
  // As of random points: there is no state.
  std::string save() const override { return ""; }
  void load(std::string_view) override {}

 private:
  SobolPoints points_;
};

}  // namespace

void describe(Section&, SobolOptions&) {}

std::unique_ptr<Controller> make_sobol(const SobolOptions&, const SearchContext& context) {
  return std::make_unique<Sobol>(context);
}

}  // namespace nas
