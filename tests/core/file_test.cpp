#include "nas/core/file.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <optional>

#include "nas/core/error.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/core/log.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

using namespace nas;

namespace {

int files_in(const std::filesystem::path& folder) {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

/// Runs `body` in a child process; true where it returned true.
template <class Body>
bool in_child(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("A file is read back as it was written, old content gone") {
  const Scratch scratch;
  const auto path = scratch / "file";
  const std::string bytes("\0\xff line\n", 8);
  write_file_atomically(path, std::string(200'000, 'x'));
  write_file_atomically(path, bytes);
  CHECK(read_file(path) == bytes);
  write_file_atomically(path, "");
  CHECK(read_file(path).empty());
  CHECK(files_in(scratch.path()) == 1);
}

TEST_CASE("What cannot be read is named") {
  const Scratch scratch;
  CHECK_THROWS_WITH(read_file(scratch / "nothing"), ContainsSubstring("nothing: no such file"));
  CHECK_THROWS_AS(read_file(scratch.path()), InputError);
  CHECK_THROWS_AS(sha256_of_file(scratch.path().string()), InputError);
  CHECK_THROWS_AS(sha256_of_file((scratch / "nothing").string()), InputError);
}

TEST_CASE("A write that fails leaves the old file and nothing beside it") {
  const Scratch scratch;
  const auto path = scratch / "file";
  write_file_atomically(path, "old");
  // A limit on the size of files stands for a full disk: write(2) fails in the middle.
  const bool refused = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file_atomically(path, std::string(5000, 'n'));
    } catch (const RunError& error) {
      return std::string(error.what()).find("writing failed") != std::string::npos;
    }
    return false;
  });
  CHECK(refused);
  CHECK(read_file(path) == "old");
  CHECK(files_in(scratch.path()) == 1);
  CHECK_THROWS_AS(write_file_atomically(scratch / "no" / "folder", "x"), RunError);
}

TEST_CASE("A lock is held by one, names its holder and goes with it") {
  const Scratch scratch;
  const auto path = scratch / "lock";
  CHECK_FALSE(is_locked(path));
  std::optional<FileLock> lock(path);
  CHECK(is_locked(path));
  CHECK_THROWS_WITH(FileLock(path),
                    ContainsSubstring("in use by process " + std::to_string(::getpid()) + " on "));
  CHECK(in_child([&] {
    try {
      const FileLock second(path);
    } catch (const RunError&) {
      return true;
    }
    return false;
  }));
  lock.reset();
  CHECK_FALSE(is_locked(path));
  CHECK_NOTHROW(FileLock(path));
}

TEST_CASE("A lock is free once its holder was killed") {
  const Scratch scratch;
  const auto path = scratch / "lock";
  std::array<int, 2> ready{};
  REQUIRE(::pipe(ready.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FileLock lock(path);
    [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
    while (true) ::pause();
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_THROWS_WITH(FileLock(path), ContainsSubstring("process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_NOTHROW(FileLock(path));
}

TEST_CASE("Hashes are those of FIPS 180-4's examples") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const Scratch scratch;
  const std::string bytes(1'000'000, 'a');
  write_file_atomically(scratch / "a", bytes);
  CHECK(sha256_of_file((scratch / "a").string()) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha256(bytes) == sha256_of_file((scratch / "a").string()));
}

TEST_CASE("A log holds one JSON object a line, appended to what was there") {
  const Scratch scratch;
  const auto path = scratch / "log.jsonl";
  Log(path).write("started", {{"seed", 3}});
  Log(path).write("text", {{"line", "a\nb \xff"}});
  Log(path).write("nothing", {});
  std::ifstream file(path);
  std::vector<Json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(Json::parse(line));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["event"] == "started");
  CHECK(lines[0]["seed"] == 3);
  CHECK(lines[0]["time"].get<double>() > 1.6e9);
  CHECK(lines[1]["line"] == "a\nb \xEF\xBF\xBD");
  CHECK(lines[2].size() == 2);
}
