#include <algorithm>
#include <filesystem>

#include "nas/core/file.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"

namespace nas::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(NAS_SOURCE_DIR) / "tests" / "fuzz" / "corpus";

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("Every parser takes or refuses each file of its corpus, cut off anywhere too") {
  for (const Target& target : targets()) {
    const auto files = files_below(kCorpus / target.name);
    CHECK(files.size() >= 2);
    for (const auto& file : files) {
      INFO(file);
      const std::string bytes = read_file(file);
      CHECK_NOTHROW(target.run(bytes));
      for (size_t part = 1; part < 8; ++part) {
        CHECK_NOTHROW(target.run(std::string_view(bytes).substr(0, bytes.size() * part / 8)));
      }
    }
  }
}

TEST_CASE("Every folder of the corpus has its parser") {
  for (const auto& folder : files_below(kCorpus)) {
    INFO(folder);
    CHECK(std::any_of(targets().begin(), targets().end(), [&](const Target& target) {
      return target.name == folder.filename().string();
    }));
  }
}

}  // namespace
}  // namespace nas::fuzz
