#include "nas/data/damaged_pictures.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr size_t kNamed = 10;

}  // namespace

void DamagedPictures::attempt(const std::function<void()>& read) {
  try {
    read();
  } catch (const InputError& error) {
    ++count_;
    if (reasons_.size() < kNamed) reasons_.emplace_back(error.what());
  }
}

void DamagedPictures::refuse(const std::string& where) const {
  if (none()) return;
  if (count_ == 1) {
    throw InputError(reasons_.front() + "; mend it, or take it out of the folder");
  }
  std::string text = fmt::format(
      "{}: {} pictures cannot be read; mend them, or take them out of the folder", where, count_);
  for (const auto& reason : reasons_) text += "\n  " + reason;
  if (count_ > reasons_.size()) text += "\n  ...";
  throw InputError(text);
}

}  // namespace nas
