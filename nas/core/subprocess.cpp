#include "nas/core/subprocess.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr size_t kLongestLine = 16 << 20;

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

/// Between fork and exec only async-signal-safe calls.
[[noreturn]] void become_child(const Arguments& arguments, const Arguments& environment, int in,
                               int out, int error, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have died before the line above.
  if (::getppid() != parent) ::_exit(127);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  if (error >= 0) ::dup2(error, STDERR_FILENO);
  ::execve(arguments.pointers.front(), arguments.pointers.data(), environment.pointers.data());
  ::_exit(127);
}

}  // namespace

Subprocess::Subprocess(const Command& command) {
  const Arguments arguments(command.arguments);
  const Arguments environment(environment_with(command.environment));
  const Pipe in = make_pipe();
  const Pipe out = make_pipe();
  const int error =
      ::open(command.error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ == 0) become_child(arguments, environment, in.read, out.write, error, parent);
  ::close(in.read);
  ::close(out.write);
  if (error >= 0) ::close(error);
  input_ = in.write;
  output_ = out.read;
  if (process_ < 0) throw RunError(fmt::format("cannot fork: {}", std::strerror(errno)));
  ::setpgid(process_, process_);
  ::fcntl(output_, F_SETFL, O_NONBLOCK);
}

Subprocess::~Subprocess() {
  kill_and_describe();
  close_input();
  if (output_ >= 0) ::close(output_);
}

bool Subprocess::write_line(const std::string& line) {
  const std::string bytes = line + "\n";
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(input_, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    done += static_cast<size_t>(written);
  }
  return true;
}

bool Subprocess::read_available() {
  std::array<char, 1 << 16> block;
  while (true) {
    const ssize_t got = ::read(output_, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    buffer_.append(block.data(), static_cast<size_t>(got));
    if (buffer_.size() > kLongestLine && buffer_.find('\n') == buffer_.npos) return false;
  }
}

std::optional<std::string> Subprocess::take_line() {
  const size_t end = buffer_.find('\n');
  if (end == buffer_.npos) return std::nullopt;
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
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

std::string Subprocess::kill_and_describe() {
  // Its own end, if it just came, tells more than our signal.
  if (!status_ && !wait_for_end(0.02)) {
    int status = 0;
    ::kill(-process_, SIGKILL);
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
    status_ = status;
  }
  ::kill(-process_, SIGKILL);  // what it left behind
  return WIFSIGNALED(*status_) ? fmt::format("signal {}", WTERMSIG(*status_))
                               : fmt::format("exit status {}", WEXITSTATUS(*status_));
}

}  // namespace nas
