#pragma once

#include <cstdint>

/// \file
/// Vectors of `L` elements that the compiler maps to the instruction set that it is told to use.
/// Included only by the units that are compiled once for each instruction set: everything below
/// NAS_ISA has another name in each of them, so that the linker cannot mix them.

#ifndef NAS_ISA
#define NAS_ISA baseline
#endif

namespace nas::NAS_ISA {

template <class T, int L>
struct VectorOf {
  typedef T type __attribute__((vector_size(L * sizeof(T)), aligned(sizeof(T)), may_alias));
};
template <class T>
struct VectorOf<T, 1> {
  using type = T;
};
template <class T, int L>
using Vector = typename VectorOf<T, L>::type;

template <int L, class T>
inline __attribute__((always_inline)) Vector<T, L> load(const T* from) {
  return *reinterpret_cast<const Vector<T, L>*>(from);
}
template <int L, class T>
inline __attribute__((always_inline)) void store(T* to, Vector<T, L> value) {
  *reinterpret_cast<Vector<T, L>*>(to) = value;
}

/// Starts to read a cache line that will be needed; any address will do.
template <class T>
inline __attribute__((always_inline)) void prefetch(const T* at) {
  __builtin_prefetch(at);
}

}  // namespace nas::NAS_ISA
