#include "controllers/sobol_points.hpp"

#include <utility>

namespace nas {
namespace {

/// Between a point and the next of its row: beyond all numbers of trials, so that rows are apart.
constexpr int64_t kStride = int64_t{1} << 22;
constexpr int64_t kRow = 1000;

}  // namespace

SobolPoints::SobolPoints(const Choices& choices, uint64_t seed, std::string purpose)
    : choices_(&choices), cube_(choices), sequence_(choices.size(), seed, std::move(purpose)) {}

Point SobolPoints::point(int64_t number) const {
  Point point = cube_.decode_shares(sequence_.point(number));
  for (int64_t i = 1; i < kRow && broken_relation(*choices_, point); ++i) {
    point = cube_.decode_shares(sequence_.point(number + i * kStride));
  }
  return point;
}

}  // namespace nas
