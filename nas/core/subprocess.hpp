#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nas {

/// A child process spoken to in lines, in a process group of its own. The whole group is killed
/// when the object goes, and when this process dies, however it does: a second process leads the
/// group and ends it once nobody holds the other end of its pipe.
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
  /// Whether the child took it; a child that is gone did not, nor did one that does not read until
  /// a stop signal comes.
  bool write_line(const std::string& line);
  /// Writes what fits without waiting and takes that off the front; false where the child is gone.
  bool write_some(std::string& bytes);
  /// Reads what is there without waiting, 16 MiB at most; false once the child closed its output,
  /// or sent a line longer than that.
  bool read_available();
  std::optional<std::string> take_line();
  /// What the child wrote after its last line, once it has closed its output.
  std::optional<std::string> take_rest();
  /// Whether the child sent a line longer than 16 MiB.
  bool line_too_long() const;
  void close_input();
  void send_signal(int signal);
  /// Ends the whole process group and waits; says how the process ended: "exit status 3", "signal
  /// 9".
  std::string kill_and_describe();
  /// Waits at most `seconds` for the process to end by itself.
  bool wait_for_end(double seconds);
  /// Whether it has ended, as wait_for_end saw, with exit status 0.
  bool ended_well() const;

 private:
  void end_group();

  pid_t guard_ = -1;  // leads the process group; -1 once the group is gone
  int alive_ = -1;    // what the guard watches
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
  size_t taken_ = 0;  // bytes of the buffer that were lines taken already
  std::optional<int> status_;
};

}  // namespace nas
