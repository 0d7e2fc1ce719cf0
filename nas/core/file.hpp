#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace nas {

/// Whole content; throws InputError naming the file.
std::string read_file(const std::filesystem::path& path);

/// Temporary name, write, fsync, rename, fsync of the folder: after a crash the file is either the
/// old one or the new one, whole. Throws RunError (disk full among them) and leaves the old one.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Exclusive lock held while the object lives, let go by the kernel when the process dies. Not
/// inherited by children. Throws RunError naming the process that holds it.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& path);
  /// Waits at most `seconds` for a process that holds it.
  FileLock(const std::filesystem::path& path, double seconds);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

/// Whether a process holds the lock. Needs no right to write, and changes nothing; false where
/// there is no such file, or none that may be read.
bool is_locked(const std::filesystem::path& path);

}  // namespace nas
