#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
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
    std::atomic<int64_t> next{0};
    // A thread that is held up takes fewer.
    at::parallel_for(0, std::min<int64_t>(count_, at::get_num_threads()), 1, [&](int64_t, int64_t) {
      for (int64_t chunk = next++; chunk < count_; chunk = next++) {
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

/// Sums that each chunk adds to on its own, `size` of them, at first zero.
template <class T>
class ChunkSums {
 public:
  ChunkSums() = default;
  ChunkSums(int64_t chunks, int64_t size)
      : chunks_(chunks),
        size_(size),
        values_(std::make_unique_for_overwrite<T[]>(static_cast<size_t>(chunks * size))) {
    at::parallel_for(0, chunks * size, kGrain, [&](int64_t begin, int64_t end) {
      std::fill(values_.get() + begin, values_.get() + end, T(0));
    });
  }

  bool empty() const { return size_ == 0; }
  int64_t size() const { return size_; }
  T* of(int64_t chunk) { return values_.get() + chunk * size_; }

  /// Adds two rows of sums, `padded` elements apart, to a chunk's, which are two halves.
  template <class U>
  void add_rows(int64_t chunk, const U* rows, int64_t padded) {
    const int64_t count = size_ / 2;
    T* own = of(chunk);
    for (int64_t i = 0; i < count; ++i) {
      own[i] += static_cast<T>(rows[i]);
      own[count + i] += static_cast<T>(rows[padded + i]);
    }
  }

  /// Over all chunks, in order.
  std::vector<T> total() const {
    const T* values = values_.get();
    std::vector<T> sum(values, values + size_);
    at::parallel_for(0, size_, kGrain / chunks_, [&](int64_t begin, int64_t end) {
      for (int64_t k = 1; k < chunks_; ++k) {
        for (int64_t i = begin; i < end; ++i) sum[static_cast<size_t>(i)] += values[k * size_ + i];
      }
    });
    return sum;
  }

 private:
  static constexpr int64_t kGrain = 1 << 15;  // of work that is worth another thread
  int64_t chunks_ = 1;
  int64_t size_ = 0;
  std::unique_ptr<T[]> values_;
};

}  // namespace nas
