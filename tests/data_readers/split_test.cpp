#include "nas/data/split.hpp"

#include <algorithm>
#include <set>

#include "nas/data/reader.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Class c has 10 * (c + 1) examples, mixed up.
std::vector<int64_t> uneven_labels() {
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < 40; ++i) {
    for (int64_t c = 0; c < 4; ++c) {
      if (i < 10 * (c + 1)) labels.push_back(c);
    }
  }
  return labels;
}

int64_t count(const std::vector<int64_t>& labels, const std::vector<int64_t>& indices, int64_t c) {
  const auto chosen = labels_at(labels, indices);
  return std::count(chosen.begin(), chosen.end(), c);
}

}  // namespace

TEST_CASE("a stratified part holds every class by its share", "[data]") {
  const auto labels = uneven_labels();
  const Parts parts = take_stratified(labels, 20, 1, "test");
  REQUIRE(parts.taken.size() == 20);
  for (int64_t c = 0; c < 4; ++c) REQUIRE(count(labels, parts.taken, c) == 2 * (c + 1));
}

TEST_CASE("parts are disjoint and together all", "[data]") {
  const auto labels = uneven_labels();
  const int64_t wanted = GENERATE(0, 1, 7, 33, 99, 100, 500);
  const Parts parts = take_stratified(labels, wanted, 1, "test");
  REQUIRE(static_cast<int64_t>(parts.taken.size()) == std::min<int64_t>(wanted, 100));
  std::set<int64_t> all(parts.taken.begin(), parts.taken.end());
  all.insert(parts.left.begin(), parts.left.end());
  REQUIRE(all.size() == labels.size());
  REQUIRE(parts.taken.size() + parts.left.size() == labels.size());
  REQUIRE(std::is_sorted(parts.taken.begin(), parts.taken.end()));
}

TEST_CASE("which examples are taken depends on seed and purpose", "[data]") {
  const auto labels = uneven_labels();
  const auto taken = [&](uint64_t seed, const char* purpose) {
    return take_stratified(labels, 30, seed, purpose).taken;
  };
  REQUIRE(taken(1, "a") == taken(1, "a"));
  REQUIRE(taken(1, "a") != taken(2, "a"));
  REQUIRE(taken(1, "a") != taken(1, "b"));
}

TEST_CASE("the validation split has the configured share", "[data]") {
  DataConfig config;
  config.validation = 0.3;
  const auto labels = uneven_labels();
  const Split split = split_training({labels, {}}, config);
  REQUIRE(split.validation.size() == 30);
  REQUIRE(split.train.size() == 70);
  config.validation = 0;
  REQUIRE(split_training({labels, {}}, config).validation.empty());
}

TEST_CASE("folds share out every example and class", "[data]") {
  const auto labels = uneven_labels();
  std::multiset<int64_t> taken;
  for (int64_t fold = 0; fold < 7; ++fold) {
    const Parts parts = take_fold({labels, {}}, {fold, 7}, 1, "test");
    taken.insert(parts.taken.begin(), parts.taken.end());
    REQUIRE(parts.taken.size() + parts.left.size() == labels.size());
    REQUIRE((parts.taken.size() == 14 || parts.taken.size() == 15));
    REQUIRE(std::is_sorted(parts.left.begin(), parts.left.end()));
    for (int64_t c = 0; c < 4; ++c) {
      const int64_t found = count(labels, parts.taken, c);
      REQUIRE((found == 10 * (c + 1) / 7 || found == 10 * (c + 1) / 7 + 1));
    }
  }
  REQUIRE(taken == std::multiset<int64_t>([&] {
            std::multiset<int64_t> all;
            for (size_t i = 0; i < labels.size(); ++i) all.insert(static_cast<int64_t>(i));
            return all;
          }()));
}

TEST_CASE("the test data are a fold where the configuration says so", "[data]") {
  DataConfig config;
  config.folds = 4;
  config.fold = 2;
  const auto labels = uneven_labels();
  const Parts parts = hold_out_test({labels, {}}, config);
  REQUIRE(parts.taken == take_fold({labels, {}}, {2, 4}, 0, "data.folds").taken);
  REQUIRE(not_for_test({labels, {}}, config) == parts.left);
}

TEST_CASE("folds of groups keep each group whole", "[data]") {
  const std::vector<int64_t> groups{4, 1, 4, 1, 0, 2, 0, 3, 3, 4};
  std::multiset<int64_t> taken;
  for (int64_t fold = 0; fold < 2; ++fold) {
    const Parts parts = take_fold({std::vector<int64_t>(10, 0), groups}, {fold, 2}, 1, "test");
    std::set<int64_t> here;
    for (const int64_t index : parts.taken) here.insert(groups[static_cast<size_t>(index)]);
    REQUIRE((here.size() == 2 || here.size() == 3));
    for (const int64_t index : parts.left) {
      REQUIRE_FALSE(here.contains(groups[static_cast<size_t>(index)]));
    }
    taken.insert(parts.taken.begin(), parts.taken.end());
  }
  REQUIRE(taken.size() == 10);
  REQUIRE_THROWS_WITH(take_fold({std::vector<int64_t>(10, 0), groups}, {0, 6}, 1, "test"),
                      ContainsSubstring("found 5 groups"));
}

TEST_CASE("folds for validation are each left out once", "[data]") {
  const auto labels = uneven_labels();
  const auto splits = split_into_folds({labels, {}}, 5, {});
  REQUIRE(splits.size() == 5);
  std::set<int64_t> all;
  for (const Split& split : splits) {
    REQUIRE(split.validation.size() == 20);
    REQUIRE(split.train.size() == 80);
    all.insert(split.validation.begin(), split.validation.end());
  }
  REQUIRE(all.size() == labels.size());
}

}  // namespace nas
