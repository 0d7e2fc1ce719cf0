#include "nas/core/subprocess.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"

namespace nas {
namespace {

constexpr size_t kLongestLine = 16 << 20;
constexpr double kSecondsPerWait = 0.2;

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw RunError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  return {ends[0], ends[1]};
}

/// Strings for execve, made before fork: afterwards nothing may be allocated.
struct Arguments {
  explicit Arguments(std::vector<std::string> list) : texts(std::move(list)) {
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
  }
  std::vector<std::string> texts;
  std::vector<char*> pointers;
};

std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> list;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : added) replaced = replaced || key == name;
    if (!replaced) list.emplace_back(text);
  }
  for (const auto& [key, value] : added) list.emplace_back(key).append("=").append(value);
  return list;
}

/// Ends the group that it leads once the process that holds the other end of `watched` is gone:
/// the kernel's parent-death signal reaches a child, not what the child started. Only
/// async-signal-safe calls, here and below: the parent may have threads.
[[noreturn]] void guard_group(int watched) {
  ::setpgid(0, 0);
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  ::dup2(watched, STDIN_FILENO);
  // Above all the other end, and locks that the parent holds by a descriptor.
  if (::close_range(STDIN_FILENO + 1, ~0U, 0) != 0) {
    for (int other = STDIN_FILENO + 1; other < 65536; ++other) ::close(other);
  }
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) continue;
  ::kill(0, SIGKILL);
  ::_exit(0);
}

/// What a child is made of between fork and exec.
struct Birth {
  const Arguments& arguments;
  const Arguments& environment;
  pid_t parent;
  pid_t group;
  int in;
  int out;
  int error;
};

[[noreturn]] void become_child(const Birth& birth) {
  ::setpgid(0, birth.group);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before the line above.
  if (::getppid() != birth.parent) ::_exit(127);
  // What is ignored stays so after exec, and programs expect their pipes to end them.
  ::signal(SIGPIPE, SIG_DFL);
  ::dup2(birth.in, STDIN_FILENO);
  ::dup2(birth.out, STDOUT_FILENO);
  if (birth.error >= 0) ::dup2(birth.error, STDERR_FILENO);
  ::execve(birth.arguments.pointers.front(), birth.arguments.pointers.data(),
           birth.environment.pointers.data());
  constexpr std::string_view kProblem = "the program cannot be executed\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kProblem.data(), kProblem.size());
  ::_exit(127);
}

[[noreturn]] void fail_to_fork() {
  throw RunError(fmt::format("cannot fork: {}", std::strerror(errno)));
}

void close_both(const Pipe& pipe) {
  ::close(pipe.read);
  ::close(pipe.write);
}

/// The leader of a new process group, which dies with the group; `alive` is its pipe.
pid_t start_guard(const Pipe& alive) {
  const pid_t guard = ::fork();
  if (guard == 0) guard_group(alive.read);
  if (guard < 0) {
    close_both(alive);
    fail_to_fork();
  }
  ::setpgid(guard, guard);  // both do it, so that it is done before either needs it
  ::close(alive.read);
  return guard;
}

}  // namespace

Subprocess::Subprocess(const Command& command) {
  const Arguments arguments(command.arguments);
  const Arguments environment(environment_with(command.environment));
  const Pipe in = make_pipe();
  const Pipe out = make_pipe();
  const Pipe alive = make_pipe();
  guard_ = start_guard(alive);
  alive_ = alive.write;
  const int error =
      ::open(command.error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) {
    become_child({arguments, environment, parent, guard_, in.read, out.write, error});
  }
  ::close(in.read);
  ::close(out.write);
  if (error >= 0) ::close(error);
  input_ = in.write;
  output_ = out.read;
  if (process_ < 0) {
    status_ = -1;
    end_group();
    fail_to_fork();
  }
  ::setpgid(process_, guard_);
  ::fcntl(input_, F_SETFL, O_NONBLOCK);
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

Subprocess::~Subprocess() {
  kill_and_describe();
  close_input();
  if (output_ >= 0) ::close(output_);
}

bool Subprocess::write_line(const std::string& line) {
  std::string bytes = line + "\n";
  while (write_some(bytes)) {
    if (bytes.empty()) return true;
    if (stop_requested()) return false;
    pollfd input{input_, POLLOUT, 0};
    ::poll(&input, 1, static_cast<int>(kSecondsPerWait * 1000));
  }
  return false;
}

bool Subprocess::write_some(std::string& bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(input_, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    done += static_cast<size_t>(written);
  }
  const bool open = done == bytes.size() || errno == EAGAIN;
  bytes.erase(0, done);
  return open;
}

bool Subprocess::read_available() {
  buffer_.erase(0, std::exchange(taken_, 0));
  std::array<char, 1 << 16> block;
  while (buffer_.size() <= kLongestLine) {
    const ssize_t got = ::read(output_, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    buffer_.append(block.data(), static_cast<size_t>(got));
  }
  return !line_too_long();
}

bool Subprocess::line_too_long() const {
  return buffer_.size() - taken_ > kLongestLine && buffer_.find('\n', taken_) == buffer_.npos;
}

std::optional<std::string> Subprocess::take_line() {
  const size_t end = buffer_.find('\n', taken_);
  if (end == buffer_.npos) return std::nullopt;
  std::string line = buffer_.substr(taken_, end - taken_);
  taken_ = end + 1;
  return line;
}

std::optional<std::string> Subprocess::take_rest() {
  if (taken_ == buffer_.size() || line_too_long()) return std::nullopt;
  return buffer_.substr(std::exchange(taken_, buffer_.size()));
}

void Subprocess::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

void Subprocess::send_signal(int signal) {
  if (!status_) ::kill(process_, signal);
}

bool Subprocess::wait_for_end(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!status_) {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_) {
      status_ = status;
    } else if (std::chrono::steady_clock::now() >= end) {
      return false;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return true;
}

bool Subprocess::ended_well() const {
  return status_ && WIFEXITED(*status_) && WEXITSTATUS(*status_) == 0;
}

std::string Subprocess::kill_and_describe() {
  // Its own end, if it just came, tells more than our signal.
  if (!status_) wait_for_end(0.02);
  end_group();
  if (!status_) {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
    status_ = status;
  }
  return WIFSIGNALED(*status_) ? fmt::format("signal {}", WTERMSIG(*status_))
                               : fmt::format("exit status {}", WEXITSTATUS(*status_));
}

/// The process, what it left behind and the guard, whose number is the group's as long as it is not
/// waited for.
void Subprocess::end_group() {
  if (guard_ < 0) return;
  ::kill(-guard_, SIGKILL);
  // A process that left the group is still ours to end.
  if (!status_) ::kill(process_, SIGKILL);
  while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) continue;
  guard_ = -1;
  ::close(alive_);
}

}  // namespace nas
