#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace nas {

/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// Random numbers that depend only on (seed, purpose, index) and on how many were drawn before from
/// this very stream: never on the order of trials or on the number of workers.
/// `purpose` says what the numbers decide ("evolution.mutate"), `index` which one (a trial number).
class RandomStream {
 public:
  RandomStream(uint64_t seed, std::string_view purpose, uint64_t index = 0);

  uint64_t bits();
  /// In [0, 1), 53 random bits.
  double uniform();
  /// In [0, bound), without modulo bias; `bound` at least 1.
  int64_t below(int64_t bound);
  /// Standard normal (Box-Muller).
  double normal();

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (auto i = static_cast<int64_t>(items.size()) - 1; i > 0; --i) {
      std::swap(items[static_cast<size_t>(i)], items[static_cast<size_t>(below(i + 1))]);
    }
  }

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 2> stream_;
  uint64_t block_ = 0;
  std::array<uint64_t, 2> buffer_{};
  int left_ = 0;
};

/// A 63-bit seed for something that brings its own generator, as a pure function of its arguments.
uint64_t derive_seed(uint64_t seed, std::string_view purpose, uint64_t index);

}  // namespace nas
