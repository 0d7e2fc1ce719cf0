#pragma once

#include <ATen/Parallel.h>

#include <cstdint>
#include <vector>

namespace nas {

/// A batch cut into runs of samples, whatever the number of threads: sums within a chunk and then
/// over chunks are always of the same numbers in the same order.
class SampleChunks {
 public:
  explicit SampleChunks(int64_t samples)
      : samples_(samples), count_(samples < kMost ? samples : kMost) {}

  int64_t count() const { return count_; }

  /// Calls work(chunk, sample) for all samples, those of one chunk in order on one thread.
  template <class Work>
  void run(const Work& work) const {
    at::parallel_for(0, count_, 1, [&](int64_t begin, int64_t end) {
      for (int64_t chunk = begin; chunk < end; ++chunk) {
        const int64_t last = samples_ * (chunk + 1) / count_;
        for (int64_t n = samples_ * chunk / count_; n < last; ++n) work(chunk, n);
      }
    });
  }

 private:
  static constexpr int64_t kMost = 32;
  int64_t samples_;
  int64_t count_;
};

/// The sum of all chunks' rows, in order.
template <class T>
std::vector<T> total(const std::vector<std::vector<T>>& chunks) {
  std::vector<T> sum = chunks.front();
  for (size_t k = 1; k < chunks.size(); ++k) {
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += chunks[k][i];
  }
  return sum;
}

}  // namespace nas
