#include "nas/kernels/sample_memory.hpp"

#include <memory>
#include <new>
#include <utility>

namespace nas {
namespace {

constexpr std::align_val_t kLine{64};

/// Grows and is kept until its thread ends.
struct ThreadMemory {
  ~ThreadMemory() { ::operator delete(at, kLine); }
  std::byte* cover(size_t bytes) {
    if (bytes > size) {
      ::operator delete(std::exchange(at, nullptr), kLine);
      at = static_cast<std::byte*>(::operator new(bytes, kLine));
      size = bytes;
    }
    return at;
  }
  std::byte* at = nullptr;
  size_t size = 0;
};

}  // namespace

template <class T>
SampleMemory<T> sample_memory(const SampleNeeds& needs) {
  thread_local ThreadMemory memory;
  constexpr int64_t kElements = 64 / sizeof(T);
  const int64_t framed = padded(needs.framed, kElements);
  const int64_t gradient = padded(needs.gradient, kElements);
  const int64_t all = framed + gradient + needs.scratch;
  T* first = reinterpret_cast<T*>(memory.cover(static_cast<size_t>(all) * sizeof(T)));
  return {first, first + framed, first + framed + gradient};
}

template SampleMemory<float> sample_memory(const SampleNeeds&);
template SampleMemory<double> sample_memory(const SampleNeeds&);

}  // namespace nas
