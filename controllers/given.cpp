#include "controllers/given.hpp"

#include <fmt/core.h>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/search/space.hpp"

namespace nas {
namespace {

Point parsed(const Space& space, const std::string& text) {
  try {
    return space.parse(text);
  } catch (const InputError& error) {
    throw InputError(fmt::format("controller.architectures: '{}': {}", text, error.what()));
  }
}

class Given : public Controller {
 public:
  Given(const GivenOptions& options, const SearchContext& context) {
    for (const auto& text : options.architectures) points_.push_back(parsed(context.space, text));
  }

  std::optional<Proposal> ask(int64_t) override {
    if (next_ == points_.size()) return std::nullopt;
    return Proposal{Job::evaluate, points_[next_++]};
  }
  void tell(const Trial&) override {}

  std::string save() const override { return Json(next_).dump(); }
  void load(std::string_view bytes) override { next_ = Json::parse(bytes).get<size_t>(); }

 private:
  std::vector<Point> points_;
  size_t next_ = 0;
};

}  // namespace

void describe(Section& section, GivenOptions& options) {
  section.required({"architectures"});
  section.texts("architectures", options.architectures,
                "to be tried in this order, as `nas space` and `nas trials` write them");
}

std::unique_ptr<Controller> make_given(const GivenOptions& options, const SearchContext& context) {
  return std::make_unique<Given>(options, context);
}

}  // namespace nas
