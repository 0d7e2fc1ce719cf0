#include "nas/core/log_tail.hpp"

#include <fstream>

#include "nas/core/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

TEST_CASE("A long log keeps its last whole lines and says what is left out") {
  const Scratch folder;
  const auto path = folder.path() / "log";
  std::ofstream file(path, std::ios::app);
  for (int i = 0; i < 1000; ++i) file << "line " << i << "\n";
  file.flush();
  CHECK(shorten_log(path, 1000));
  file << "later\n" << std::flush;  // who appended goes on
  const std::string text = read_file(path);
  CHECK(text.size() < 1000);
  CHECK(text.starts_with("["));
  CHECK(text.find("left out here]\nline ") != std::string::npos);
  CHECK(text.ends_with("line 998\nline 999\nlater\n"));
}

TEST_CASE("A short log, or none, stays as it is") {
  const Scratch folder;
  const auto path = folder.path() / "log";
  CHECK_FALSE(shorten_log(path, 10));
  std::ofstream(path) << "short";
  CHECK_FALSE(shorten_log(path, 10));
  CHECK(read_file(path) == "short");
}

TEST_CASE("The last line is that behind a place, blank ones passed over") {
  const Scratch folder;
  const auto path = folder.path() / "log";
  CHECK(last_line(path, 0).empty());
  std::ofstream(path) << "old words\nnew words\n \n\n";
  CHECK(last_line(path, 0) == "new words");
  CHECK(last_line(path, 10) == "new words");
  CHECK(last_line(path, 20).empty());
}

}  // namespace
}  // namespace nas
