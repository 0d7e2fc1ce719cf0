#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nas {

/// One picture of a folder-a-class data set.
struct PictureFile {
  std::string name;
  int64_t label = 0;
};

struct PictureIndex {
  std::vector<PictureFile> training;  // sorted by name
  std::vector<PictureFile> test;      // sorted by name; empty where there is no test folder
  std::vector<std::string> class_names;
};

/// Sorts file names into classes. Layouts: train/<class>/.. with or without test/<class>/..; or
/// <class>/..; each also below one more folder. Other than pictures and hidden files are left out.
/// Throws InputError, naming `where`, for fewer than two classes, a picture outside a class folder
/// and a test class that training lacks.
PictureIndex index_pictures(const std::vector<std::string>& names, const std::string& where);

}  // namespace nas
