#include "nas/core/finished_program.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {

TEST_CASE("A program's lines, errors and ending are told") {
  const Scratch scratch;
  const auto finished = run_program({"/bin/sh", "-c", "echo one; echo two; echo bad >&2; exit 3"},
                                    scratch / "errors");
  CHECK(finished.how == "exit status 3");
  CHECK_FALSE(finished.succeeded());
  CHECK(finished.lines == std::vector<std::string>{"one", "two"});
  CHECK(finished.errors == "bad\n");
}

TEST_CASE("A program that is not there ends with status 127") {
  const Scratch scratch;
  CHECK(run_program({"/no/such/program"}, scratch / "errors").how == "exit status 127");
}

TEST_CASE("A program that takes longer than it may is killed") {
  const Scratch scratch;
  const auto finished =
      run_program({"/bin/sh", "-c", "echo one; sleep 60"}, scratch / "errors", 0.3);
  CHECK(finished.timed_out);
  CHECK(finished.how == "signal 9");
  CHECK(finished.lines == std::vector<std::string>{"one"});
}

TEST_CASE("A program gets no input") {
  const Scratch scratch;
  CHECK(run_program({"/bin/cat"}, scratch / "errors").succeeded());
}

}  // namespace nas
