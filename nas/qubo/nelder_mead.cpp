#include "nas/qubo/nelder_mead.hpp"

#include <algorithm>

namespace nas {
namespace {

using Place = std::vector<double>;

struct Corner {
  Place place;
  double value = 0;
};

class Simplex {
 public:
  Simplex(const std::function<double(const Place&)>& function, const Place& start,
          const SimplexOptions& options)
      : function_(function), left_(options.evaluations) {
    corners_.push_back(corner(start));
    for (size_t i = 0; i < start.size() && left_ > 0; ++i) {
      Place moved = start;
      moved[i] += options.step;
      corners_.push_back(corner(std::move(moved)));
    }
    sort();
  }

  bool may_go_on() const { return left_ > 0 && corners_.size() > 1; }
  Place best() const { return corners_.front().place; }

  void step() {
    const Corner reflected = beyond(-1);
    if (reflected.value < corners_.front().value) {
      const Corner expanded = beyond(-2);
      corners_.back() = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corners_[corners_.size() - 2].value) {
      corners_.back() = reflected;
    } else {
      const bool outside = reflected.value < corners_.back().value;
      const Corner contracted = beyond(outside ? -0.5 : 0.5);
      if (contracted.value < std::min(reflected.value, corners_.back().value)) {
        corners_.back() = contracted;
      } else {
        shrink();
      }
    }
    sort();
  }

 private:
  Corner corner(Place place) {
    --left_;
    const double value = function_(place);
    return {std::move(place), value};
  }

  /// The worst corner's way to the middle of the others gone `part` times from there.
  Corner beyond(double part) {
    Place place(corners_.front().place.size(), 0.0);
    const auto others = static_cast<double>(corners_.size() - 1);
    for (size_t i = 0; i < place.size(); ++i) {
      for (size_t k = 0; k + 1 < corners_.size(); ++k) place[i] += corners_[k].place[i] / others;
      place[i] += part * (corners_.back().place[i] - place[i]);
    }
    return corner(std::move(place));
  }

  void shrink() {
    for (size_t k = 1; k < corners_.size(); ++k) {
      Place place = corners_[k].place;
      for (size_t i = 0; i < place.size(); ++i) {
        place[i] = (place[i] + corners_.front().place[i]) / 2;
      }
      corners_[k] = corner(std::move(place));
    }
  }

  void sort() {
    std::stable_sort(corners_.begin(), corners_.end(),
                     [](const Corner& a, const Corner& b) { return a.value < b.value; });
  }

  const std::function<double(const Place&)>& function_;
  int64_t left_;
  std::vector<Corner> corners_;  // best first
};

}  // namespace

std::vector<double> minimise_by_simplex(const std::function<double(const Place&)>& function,
                                        const Place& start, const SimplexOptions& options) {
  Simplex simplex(function, start, options);
  while (simplex.may_go_on()) simplex.step();
  return simplex.best();
}

}  // namespace nas
