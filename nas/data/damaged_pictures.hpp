#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nas {

/// Pictures that cannot be read, told all at once, so that nobody meets them one after the other.
class DamagedPictures {
 public:
  /// Calls `read` and notes an InputError that it throws.
  void attempt(const std::function<void()>& read);
  bool none() const { return count_ == 0; }
  /// Throws InputError, saying what to do, where there were any. The first ten are named.
  void refuse(const std::string& where) const;

 private:
  std::vector<std::string> reasons_;
  size_t count_ = 0;
};

}  // namespace nas
