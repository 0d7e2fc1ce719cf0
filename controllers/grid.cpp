#include "controllers/grid.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "controllers/history.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

/// `points` values from low to high; the middle alone where it is one.
std::vector<double> divided(double low, double high, bool log, int64_t points) {
  std::vector<double> values;
  for (int64_t i = 0; i < points; ++i) {
    const double share =
        points == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(points - 1);
    const double value = log ? std::exp(std::lerp(std::log(low), std::log(high), share))
                             : std::lerp(low, high, share);
    values.push_back(std::clamp(value, low, high));
  }
  if (points > 1) values.front() = low;
  if (points > 1) values.back() = high;
  return values;
}

struct GridValues {
  int64_t points;

  std::vector<Value> operator()(const Categorical& domain) const {
    std::vector<Value> values;
    for (size_t i = 0; i < domain.options.size(); ++i) values.emplace_back(static_cast<int64_t>(i));
    return values;
  }
  std::vector<Value> operator()(const IntegerInterval& domain) const {
    std::vector<Value> values;
    if (domain.high - domain.low < points) {
      for (int64_t i = domain.low; i <= domain.high; ++i) values.emplace_back(i);
      return values;
    }
    for (const double value : divided(static_cast<double>(domain.low),
                                      static_cast<double>(domain.high), domain.log, points)) {
      values.emplace_back(static_cast<int64_t>(std::llround(value)));
    }
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }
  std::vector<Value> operator()(const RealInterval& domain) const {
    if (!(domain.low < domain.high)) return {domain.low};
    const auto reals = divided(domain.low, domain.high, domain.log, points);
    return {reals.begin(), reals.end()};
  }
};

class Grid : public Controller {
 public:
  Grid(const GridOptions& options, const SearchContext& context) : context_(context) {
    for (const Choice& choice : context.space.choices()) {
      values_.push_back(std::visit(GridValues{options.points}, choice.domain));
    }
    next_ = Point{std::vector<Value>(values_.size())};
    start_from(0);
  }

  std::optional<Proposal> ask(int64_t) override {
    while (next_ && broken_relation(context_.space.choices(), *next_)) move_on();
    if (!next_) return std::nullopt;
    Proposal proposal{Job::evaluate, next_};
    move_on();
    return proposal;
  }
  void tell(const Trial&) override {}

  std::string save() const override { return (next_ ? packed(*next_) : Json()).dump(); }
  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    next_.reset();
    if (!json.is_null()) next_ = unpacked(context_.space.choices(), json);
  }

 private:
  /// Gives the choices from `first` on their first values.
  void start_from(size_t first) {
    for (size_t i = first; i < values_.size(); ++i) {
      const bool active = is_active(context_.space.choices()[i], next_->values);
      next_->values[i] = active ? values_[i].front() : Value{};
    }
  }

  void move_on() {
    for (size_t i = values_.size(); i-- > 0;) {
      const auto& values = values_[i];
      const auto at = std::find(values.begin(), values.end(), next_->values[i]);
      if (at == values.end() || at + 1 == values.end()) continue;
      next_->values[i] = *(at + 1);
      start_from(i + 1);
      return;
    }
    next_.reset();
  }

  SearchContext context_;
  std::vector<std::vector<Value>> values_;  // of each choice, in order
  std::optional<Point> next_;               // nothing where the grid is exhausted
};

}  // namespace

void describe(Section& section, GridOptions& options) {
  section.integer("points", options.points, {1, 1'000'000, ""},
                  "values of each real or integer choice, ends included");
}

std::unique_ptr<Controller> make_grid(const GridOptions& options, const SearchContext& context) {
  return std::make_unique<Grid>(options, context);
}

}  // namespace nas
