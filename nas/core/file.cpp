#include "nas/core/file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

#include "nas/core/clock.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* what) {
  throw RunError(fmt::format("{}: {}: {}", path.string(), what, std::strerror(errno)));
}

/// Closes when it goes, so that no error path leaks a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  /// Close errors matter: network file systems report a full disk only here.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// False, with errno set, where another process holds the lock for longer.
bool lock_within(int descriptor, double seconds) {
  const double end = steady_seconds() + seconds;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK || steady_seconds() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

void write_durably(const std::filesystem::path& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) fail(path, "cannot be written");
  if (!write_all(file.get(), bytes)) fail(path, "writing failed");
  if (::fsync(file.get()) != 0) fail(path, "flushing failed");
  if (!file.close()) fail(path, "closing failed");
}

void flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) fail(folder, "flushing failed");
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  std::array<char, 1 << 16> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0) {
    bytes.append(block.data(), static_cast<size_t>(file.gcount()));
  }
  // The end of the file sets eof; a folder, a missing file or a failing disk do not.
  if (!file.eof()) {
    std::error_code unknown;
    const bool missing = !std::filesystem::exists(path, unknown) && !unknown;
    throw InputError(path.string() + (missing ? ": no such file" : ": cannot be read"));
  }
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const auto temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  try {
    write_durably(temporary, bytes);
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail(path, "renaming failed");
    flush_folder(path.has_parent_path() ? path.parent_path() : ".");
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

FileLock::FileLock(const std::filesystem::path& path) : FileLock(path, 0) {}

FileLock::FileLock(const std::filesystem::path& path, double seconds)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) fail(path, "cannot be opened");
  if (!lock_within(descriptor_, seconds)) {
    const int reason = errno;
    std::array<char, 128> holder{};
    const ssize_t length = ::read(descriptor_, holder.data(), holder.size() - 1);
    ::close(descriptor_);
    if (reason != EWOULDBLOCK) {
      throw RunError(fmt::format("{}: cannot be locked: {}", path.string(), std::strerror(reason)));
    }
    throw RunError(fmt::format("{}: in use by {}", path.string(),
                               length > 0 ? holder.data() : "another process"));
  }
  std::array<char, 64> host{};
  ::gethostname(host.data(), host.size() - 1);
  const std::string name = fmt::format("process {} on {}", ::getpid(), host.data());
  if (::ftruncate(descriptor_, 0) != 0 || !write_all(descriptor_, name)) {
    const int reason = std::exchange(errno, 0);
    ::close(descriptor_);
    errno = reason;
    fail(path, "cannot be written");
  }
}

FileLock::~FileLock() { ::close(descriptor_); }

bool is_locked(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.get() >= 0 && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

}  // namespace nas
