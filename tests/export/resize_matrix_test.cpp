#include "nas/export/resize_matrix.hpp"

#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("Resizing to the same size changes nothing") {
  CHECK(resize_matrix(3, 3) == std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1});
}

TEST_CASE("Halving takes a triangle of four numbers") {
  const auto matrix = resize_matrix(8, 4);
  const std::vector<float> row(matrix.begin() + 8, matrix.begin() + 16);
  CHECK(row == std::vector<float>{0, 0.125F, 0.375F, 0.375F, 0.125F, 0, 0, 0});
}

TEST_CASE("Doubling mixes two neighbours") {
  const auto matrix = resize_matrix(2, 4);
  CHECK(matrix == std::vector<float>{1, 0, 0.75F, 0.25F, 0.25F, 0.75F, 0, 1});
}

TEST_CASE("Every row of a resizing sums to one") {
  for (const auto& [from, to] : {std::pair{7, 5}, {5, 7}, {32, 9}, {1, 4}, {4, 1}}) {
    const auto matrix = resize_matrix(from, to);
    for (int row = 0; row < to; ++row) {
      double sum = 0;
      for (int i = 0; i < from; ++i) sum += matrix[static_cast<size_t>(row * from + i)];
      CHECK(sum == Approx(1));
    }
  }
}

}  // namespace nas
