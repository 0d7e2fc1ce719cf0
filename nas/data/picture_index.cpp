#include "nas/data/picture_index.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "nas/core/error.hpp"
#include "nas/data/image_decode.hpp"

namespace nas {
namespace {

/// The folders of a picture's name that matter, from the root down.
struct Located {
  std::string name;
  std::vector<std::string> folders;
};

std::vector<Located> locate_pictures(const std::vector<std::string>& names) {
  std::vector<Located> pictures;
  for (const std::string& name : names) {
    const std::filesystem::path path(name);
    if (!is_picture_name(name) || path.filename().string().starts_with(".")) continue;
    Located located{name, {}};
    for (const auto& part : path.parent_path()) {
      if (part != "." && part != "/") located.folders.push_back(part.string());
    }
    pictures.push_back(std::move(located));
  }
  return pictures;
}

bool is_part_name(const std::string& folder) { return folder == "train" || folder == "test"; }

/// Leaves out one folder that holds everything.
void strip_top(std::vector<Located>& pictures) {
  if (pictures.empty() || pictures.front().folders.empty()) return;
  const std::string top = pictures.front().folders.front();
  const bool common = std::all_of(pictures.begin(), pictures.end(), [&](const Located& picture) {
    return picture.folders.size() >= 2 && picture.folders.front() == top;
  });
  if (!common || is_part_name(top)) return;
  for (Located& picture : pictures) picture.folders.erase(picture.folders.begin());
}

std::vector<std::string> classes_of(const std::vector<Located>& pictures, size_t level,
                                    bool training_alone) {
  std::set<std::string> classes;
  for (const Located& picture : pictures) {
    if (training_alone && picture.folders.front() != "train") continue;
    classes.insert(picture.folders[level]);
  }
  return {classes.begin(), classes.end()};
}

int64_t label_of(const std::string& name, const std::vector<std::string>& classes) {
  const auto found = std::lower_bound(classes.begin(), classes.end(), name);
  if (found == classes.end() || *found != name) return -1;
  return found - classes.begin();
}

void sort_by_name(std::vector<PictureFile>& files) {
  std::sort(files.begin(), files.end(),
            [](const PictureFile& a, const PictureFile& b) { return a.name < b.name; });
}

}  // namespace

PictureIndex index_pictures(const std::vector<std::string>& names, const std::string& where) {
  std::vector<Located> pictures = locate_pictures(names);
  strip_top(pictures);
  const bool parts = std::any_of(pictures.begin(), pictures.end(), [](const Located& picture) {
    return picture.folders.size() >= 2 && picture.folders.front() == "train";
  });
  const size_t level = parts ? 1 : 0;
  if (parts) {
    std::erase_if(pictures, [](const Located& picture) {
      return picture.folders.empty() || !is_part_name(picture.folders.front());
    });
  }
  for (const Located& picture : pictures) {
    if (picture.folders.size() > level) continue;
    throw InputError("'" + where + "', picture '" + picture.name + "': expected in a class folder");
  }
  PictureIndex index;
  index.class_names = classes_of(pictures, level, parts);
  if (index.class_names.size() < 2) {
    throw InputError("'" + where + "': expected pictures (.jpg, .jpeg, .png) in at least 2 class " +
                     "folders, found " + std::to_string(index.class_names.size()));
  }
  for (const Located& picture : pictures) {
    const int64_t label = label_of(picture.folders[level], index.class_names);
    if (label < 0) {
      throw InputError("'" + where + "', picture '" + picture.name + "': class '" +
                       picture.folders[level] + "' has no training pictures");
    }
    const bool test = parts && picture.folders.front() == "test";
    (test ? index.test : index.training).push_back({picture.name, label});
  }
  sort_by_name(index.training);
  sort_by_name(index.test);
  return index;
}

}  // namespace nas
