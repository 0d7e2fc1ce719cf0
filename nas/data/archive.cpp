#include "nas/data/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>
#include <system_error>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLargestFile = int64_t{1} << 30;

struct CloseArchive {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};

/// Reads a tar archive front to back.
class TarReader {
 public:
  explicit TarReader(const fs::path& path) : path_(path.string()), reader_(archive_read_new()) {
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_format_tar(reader_.get());
    constexpr size_t kBlock = 1 << 16;
    if (archive_read_open_filename(reader_.get(), path_.c_str(), kBlock) != ARCHIVE_OK) fail("");
  }

  /// Goes to the next regular file; false at the end.
  bool next() {
    for (;;) {
      const int status = archive_read_next_header(reader_.get(), &entry_);
      if (status == ARCHIVE_EOF) return false;
      if (status != ARCHIVE_OK && status != ARCHIVE_WARN) fail("");
      if (archive_entry_filetype(entry_) == AE_IFREG) break;
    }
    const char* name = archive_entry_pathname(entry_);
    if (name == nullptr) name = archive_entry_pathname_utf8(entry_);
    if (name == nullptr) throw InputError("'" + path_ + "': an entry has no readable name");
    name_ = fs::path(name).lexically_normal().generic_string();
    return true;
  }

  const std::string& name() const { return name_; }

  std::string bytes() {
    if (archive_entry_size(entry_) > kLargestFile) too_large();
    std::string content;
    std::array<char, 1 << 16> block;
    for (;;) {
      const la_ssize_t count = archive_read_data(reader_.get(), block.data(), block.size());
      if (count < 0) fail(", entry '" + name_ + "'");
      if (count == 0) return content;
      content.append(block.data(), static_cast<size_t>(count));
      if (static_cast<int64_t>(content.size()) > kLargestFile) too_large();
    }
  }

 private:
  [[noreturn]] void fail(const std::string& where) const {
    const char* reason = archive_error_string(reader_.get());
    throw InputError("'" + path_ + "'" + where + ": expected a folder, .tar or .tar.gz, found " +
                     (reason == nullptr ? "something else" : reason));
  }

  [[noreturn]] void too_large() const {
    throw InputError("'" + path_ + "', entry '" + name_ + "': expected at most 1 GiB");
  }

  std::string path_;
  std::unique_ptr<::archive, CloseArchive> reader_;
  archive_entry* entry_ = nullptr;
  std::string name_;
};

/// Follows links, but for those back to a folder that is being listed.
std::vector<std::string> folder_files(const fs::path& root) {
  std::vector<std::string> names;
  std::vector<fs::path> above{fs::canonical(root)};  // from the root down
  constexpr auto kLinksToo = fs::directory_options::follow_directory_symlink;
  for (auto entry = fs::recursive_directory_iterator(root, kLinksToo);
       entry != fs::recursive_directory_iterator(); ++entry) {
    std::error_code dead;  // of a link that leads nowhere
    if (entry->is_regular_file(dead)) {
      names.push_back(entry->path().lexically_relative(root).generic_string());
    } else if (entry->is_directory(dead)) {
      above.resize(static_cast<size_t>(entry.depth()) + 1);
      above.push_back(fs::canonical(entry->path()));
      if (std::find(above.begin(), above.end() - 1, above.back()) != above.end() - 1) {
        entry.disable_recursion_pending();
      }
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> list_files(const fs::path& root) {
  std::vector<std::string> names;
  if (fs::is_directory(root)) {
    names = folder_files(root);
  } else {
    TarReader reader(root);
    while (reader.next()) names.push_back(reader.name());
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    throw InputError("'" + root.string() + "': entry '" + *twice + "' comes twice");
  }
  return names;
}

void visit_files(
    const fs::path& root, const std::function<bool(const std::string& name)>& wanted,
    const std::function<void(const std::string& name, const std::string& bytes)>& visit) {
  if (!fs::is_directory(root)) {
    TarReader reader(root);
    while (reader.next()) {
      if (wanted(reader.name())) visit(reader.name(), reader.bytes());
    }
    return;
  }
  for (const std::string& name : list_files(root)) {
    if (!wanted(name)) continue;
    if (static_cast<int64_t>(fs::file_size(root / name)) > kLargestFile) {
      throw InputError("'" + (root / name).string() + "': expected at most 1 GiB");
    }
    visit(name, read_file(root / name));
  }
}

}  // namespace nas
