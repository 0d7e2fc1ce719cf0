#include "nas/core/stop.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

namespace {

/// Signals change the whole process, so each test has a child of its own. How the child ended.
template <class Body>
int status_of_child(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("A stop signal sets the flag and the process lives on") {
  const int wanted = GENERATE(SIGINT, SIGTERM, SIGUSR2);
  const int status = status_of_child([&] {
    install_stop_signals(SIGUSR2);
    if (stop_requested()) return 1;
    ::raise(wanted);
    return stop_requested() ? 42 : 2;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("A second SIGINT ends the process at once") {
  const int status = status_of_child([] {
    install_stop_signals(0);
    ::raise(SIGINT);
    ::raise(SIGINT);
    return 42;
  });
  CHECK(WEXITSTATUS(status) == 128 + SIGINT);
}

TEST_CASE("Without an extra signal, USR2 keeps its meaning") {
  const int status = status_of_child([] {
    install_stop_signals(0);
    ::raise(SIGUSR2);
    return 42;
  });
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGUSR2);
}

TEST_CASE("A stop can be asked for without a signal") {
  const int status = status_of_child([] {
    request_stop();
    return stop_requested() ? 42 : 1;
  });
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("Signals are known by name and number") {
  CHECK(signal_number("USR2") == SIGUSR2);
  CHECK(signal_number("SIGUSR2") == SIGUSR2);
  CHECK(signal_number("SIGUSR1") == SIGUSR1);
  CHECK(signal_number(std::to_string(SIGUSR2).c_str()) == SIGUSR2);
  CHECK(signal_number("none") == 0);
  for (const char* wrong : {"", "KILL", "usr2", "USR3", "9", "-1", "12x"}) {
    CHECK_THROWS_AS(signal_number(wrong), UsageError);
  }
  CHECK_THROWS_WITH(signal_number("KILL"),
                    Catch::Matchers::StartsWith("found 'KILL', expected HUP"));
}
