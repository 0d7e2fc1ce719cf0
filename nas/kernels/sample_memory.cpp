#include "nas/kernels/sample_memory.hpp"

#include <memory>
#include <new>
#include <utility>

// Compilers without AddressSanitizer need not have its header.
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) (static_cast<void>(at), static_cast<void>(size))
#endif

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

/// Elements up to the next part: whole cache lines, of which the last is used by none, so that
/// AddressSanitizer sees who leaves a part.
template <class T>
int64_t with_gap(int64_t elements) {
  constexpr int64_t kElements = 64 / sizeof(T);
  return padded(elements, kElements) + kElements;
}

/// Tells AddressSanitizer, where it is there.
template <class T>
void allow(T* part, int64_t elements) {
  ASAN_UNPOISON_MEMORY_REGION(part, static_cast<size_t>(elements) * sizeof(T));
}

}  // namespace

template <class T>
SampleMemory<T> sample_memory(const SampleNeeds& needs) {
  thread_local ThreadMemory memory;
  const int64_t framed = with_gap<T>(needs.framed);
  const int64_t gradient = with_gap<T>(needs.gradient);
  const int64_t all = framed + gradient + needs.scratch;
  T* first = reinterpret_cast<T*>(memory.cover(static_cast<size_t>(all) * sizeof(T)));
  const SampleMemory<T> parts{first, first + framed, first + framed + gradient};
  // What an earlier call was given is no longer anyone's.
  ASAN_POISON_MEMORY_REGION(memory.at, memory.size);
  allow(parts.framed, needs.framed);
  allow(parts.gradient, needs.gradient);
  allow(parts.scratch, needs.scratch);
  return parts;
}

template SampleMemory<float> sample_memory(const SampleNeeds&);
template SampleMemory<double> sample_memory(const SampleNeeds&);

}  // namespace nas
