#include "tests/faults/faulty_calls.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string_view>

#include "nas/core/error.hpp"

// This program's own open(), write() and so on come before the system library's, for the libraries
// that it loads as well. They pass a call on unless a fault is due.

namespace nas {
namespace {

struct State {
  std::string folder;  // empty: no faults
  FaultPlan plan;
  Work* work = nullptr;
};

State& state() {
  static State only;
  return only;
}

bool is_below(std::string_view path) {
  const std::string& folder = state().folder;
  return !folder.empty() && path.starts_with(folder);
}

bool is_below(int descriptor) {
  if (state().folder.empty()) return false;
  std::array<char, 4096> target{};
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  return length > 0 && is_below(std::string_view(target.data(), static_cast<size_t>(length)));
}

enum class Kind { read, write, other };
enum class Verdict { pass, fail, shorten, die };

/// Counts a call, and says what comes of it; sets errno where it fails.
Verdict judge(Kind kind) {
  const FaultPlan& plan = state().plan;
  const int64_t call = ++state().work->calls;
  const bool due = call == plan.call;
  const bool over = call > plan.call;
  switch (plan.fault) {
    case Fault::error:
    case Fault::dead_disk:
      errno = EIO;
      return due || (over && plan.fault == Fault::dead_disk) ? Verdict::fail : Verdict::pass;
    case Fault::short_write:
      return due && kind == Kind::write ? Verdict::shorten : Verdict::pass;
    case Fault::full_disk:
      errno = ENOSPC;
      if (due && kind == Kind::write) return Verdict::shorten;
      return over && kind == Kind::write ? Verdict::fail : Verdict::pass;
    case Fault::kill:
      return due ? Verdict::die : Verdict::pass;
  }
  return Verdict::pass;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// A call that is done whole or not at all.
template <class Call>
int whole(bool ours, Kind kind, const Call& call) {
  if (!ours) return call();
  switch (judge(kind)) {
    case Verdict::fail:
      return -1;
    case Verdict::die:
      ::raise(SIGKILL);
      [[fallthrough]];
    default:
      return call();
  }
}

/// A transfer of `size` bytes.
template <class Call>
ssize_t transfer(int descriptor, Kind kind, size_t size, const Call& call) {
  if (!is_below(descriptor)) return call(size);
  switch (judge(kind)) {
    case Verdict::fail:
      return -1;
    case Verdict::shorten:
      return call(size / 2);
    case Verdict::die:
      if (kind == Kind::write) call(size / 2);
      ::raise(SIGKILL);
      [[fallthrough]];
    case Verdict::pass:
      return call(size);
  }
  return -1;
}

int open_with(const char* name, const char* path, int flags, mode_t mode) {
  return whole(is_below(path), Kind::other,
               [&] { return next<int(const char*, int, ...)>(name)(path, flags, mode); });
}

mode_t mode_of(int flags, va_list& rest) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
}

}  // namespace

Work work_under_faults(const FaultPlan& plan, const std::function<void(Work&)>& work) {
  void* shared =
      ::mmap(nullptr, sizeof(Work), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::runtime_error("no memory to share");
  auto* done = new (shared) Work;
  const pid_t process = ::fork();
  if (process == 0) {
    state() = {plan.folder.string() + "/", plan, done};
    try {
      work(*done);
    } catch (const Error&) {
      ::_exit(0);
    } catch (...) {
      ::_exit(3);
    }
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  const Work result = *done;
  ::munmap(shared, sizeof(Work));
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  const bool ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!ended && !(killed && plan.fault == Fault::kill)) {
    throw std::runtime_error("the process ended in its own way: " + std::to_string(status));
  }
  return result;
}

}  // namespace nas

using nas::Kind;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = nas::mode_of(flags, rest);
  va_end(rest);
  return nas::open_with("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = nas::mode_of(flags, rest);
  va_end(rest);
  return nas::open_with("open64", path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  return nas::transfer(descriptor, Kind::write, size, [&](size_t part) {
    return nas::next<ssize_t(int, const void*, size_t)>("write")(descriptor, bytes, part);
  });
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t place) {
  return nas::transfer(descriptor, Kind::write, size, [&](size_t part) {
    return nas::next<ssize_t(int, const void*, size_t, off_t)>("pwrite")(descriptor, bytes, part,
                                                                         place);
  });
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t place) {
  return pwrite(descriptor, bytes, size, place);
}

ssize_t read(int descriptor, void* bytes, size_t size) {
  return nas::transfer(descriptor, Kind::read, size, [&](size_t part) {
    return nas::next<ssize_t(int, void*, size_t)>("read")(descriptor, bytes, part);
  });
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t place) {
  return nas::transfer(descriptor, Kind::read, size, [&](size_t part) {
    return nas::next<ssize_t(int, void*, size_t, off_t)>("pread")(descriptor, bytes, part, place);
  });
}

ssize_t pread64(int descriptor, void* bytes, size_t size, off64_t place) {
  return pread(descriptor, bytes, size, place);
}

int fsync(int descriptor) {
  return nas::whole(nas::is_below(descriptor), Kind::other, [] { return 0; });
}

int fdatasync(int descriptor) { return fsync(descriptor); }

int ftruncate(int descriptor, off_t size) noexcept {
  return nas::whole(nas::is_below(descriptor), Kind::write,
                    [&] { return nas::next<int(int, off_t)>("ftruncate")(descriptor, size); });
}

int ftruncate64(int descriptor, off64_t size) noexcept { return ftruncate(descriptor, size); }

int rename(const char* from, const char* to) noexcept {
  return nas::whole(nas::is_below(to), Kind::other,
                    [&] { return nas::next<int(const char*, const char*)>("rename")(from, to); });
}

int unlink(const char* path) noexcept {
  return nas::whole(nas::is_below(path), Kind::other,
                    [&] { return nas::next<int(const char*)>("unlink")(path); });
}

}  // extern "C"
