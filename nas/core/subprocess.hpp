#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nas {

/// A child process spoken to in lines. It gets a process group of its own, which is killed when the
/// object goes, and is killed by the kernel when this process dies.
class Subprocess {
 public:
  struct Command {
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, std::string>> environment;  // added to ours
    std::filesystem::path error_file;                              // standard error is appended
  };

  /// Throws RunError where the program cannot be started.
  explicit Subprocess(const Command& command);
  ~Subprocess();
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  /// Descriptor of its standard output, for poll(2).
  int output() const { return output_; }
  /// Descriptor of its standard input, for poll(2).
  int input() const { return input_; }
  /// Whether the child took it; a child that is gone did not.
  bool write_line(const std::string& line);
  /// Reads what is there without waiting; false once the child closed its output, or sent a line
  /// longer than 16 MiB.
  bool read_available();
  std::optional<std::string> take_line();
  void close_input();
  void send_signal(int signal);
  /// Ends the whole process group and waits; says how the process ended: "exit status 3", "signal
  /// 9".
  std::string kill_and_describe();
  /// Waits at most `seconds` for the process to end by itself.
  bool wait_for_end(double seconds);

 private:
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::optional<int> status_;
};

}  // namespace nas
