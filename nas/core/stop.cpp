#include "nas/core/stop.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "nas/core/error.hpp"

namespace nas {
namespace {

// A signal handler has no argument to reach an object by: the one global of the program.
std::atomic<bool> stop_flag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int signal) {
  // A person who presses Ctrl-C twice means it.
  if (stop_flag.exchange(true) && signal == SIGINT) ::_Exit(128 + SIGINT);
}

}  // namespace

void install_stop_signals(int extra_signal) {
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, extra_signal}) {
    if (signal != 0) ::sigaction(signal, &action, nullptr);
  }
  // A reader of our output that went away is an error of that write, not the end of a search.
  ::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() noexcept { return stop_flag.load(std::memory_order_relaxed); }

void request_stop() noexcept { stop_flag.store(true); }

int signal_number(const char* name) {
  static constexpr std::array<std::pair<std::string_view, int>, 7> kSignals{{{"none", 0},
                                                                             {"HUP", SIGHUP},
                                                                             {"USR1", SIGUSR1},
                                                                             {"USR2", SIGUSR2},
                                                                             {"ALRM", SIGALRM},
                                                                             {"URG", SIGURG},
                                                                             {"CONT", SIGCONT}}};
  std::string_view wanted = name;
  if (wanted.starts_with("SIG")) wanted.remove_prefix(3);
  for (const auto& [known, number] : kSignals) {
    if (known == wanted || std::to_string(number) == wanted) return number;
  }
  throw UsageError(std::string("found '") + name +
                   "', expected HUP, USR1, USR2, ALRM, URG, CONT or none");
}

}  // namespace nas
