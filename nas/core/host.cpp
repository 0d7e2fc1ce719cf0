#include "nas/core/host.hpp"

#include <fmt/core.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "nas/core/error.hpp"

namespace nas {
namespace {

struct FileSystemKind {
  uint32_t magic;  // statfs(2)
  const char* name;
  bool network;
  bool in_memory;
};
constexpr std::array<FileSystemKind, 15> kFileSystems{{{0xEF53, "ext", false, false},
                                                       {0x58465342, "xfs", false, false},
                                                       {0x9123683E, "btrfs", false, false},
                                                       {0x2FC12FC1, "zfs", false, false},
                                                       {0x794C7630, "overlay", false, false},
                                                       {0x01021994, "tmpfs", false, true},
                                                       {0x858458F6, "ramfs", false, true},
                                                       {0x6969, "nfs", true, false},
                                                       {0xFF534D42, "cifs", true, false},
                                                       {0xFE534D42, "smb2", true, false},
                                                       {0x0BD00BD0, "lustre", true, false},
                                                       {0x47504653, "gpfs", true, false},
                                                       {0x19830326, "beegfs", true, false},
                                                       {0x00C36400, "ceph", true, false},
                                                       {0x65735546, "fuse", true, false}}};

/// The number behind `key` in /proc/meminfo, in bytes.
int64_t meminfo(const std::string& key) {
  std::ifstream file("/proc/meminfo");
  std::string name;
  int64_t kibibytes = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    if (words >> name >> kibibytes && name == key + ":") return kibibytes * 1024;
  }
  return 0;
}

/// The number in a file of a control group; 0 where there is none ("max").
int64_t group_number(const char* path) {
  std::ifstream file(path);
  int64_t bytes = 0;
  return file >> bytes ? bytes : 0;
}

}  // namespace

MemoryFacts memory_facts() {
  MemoryFacts facts{meminfo("MemTotal"), meminfo("MemAvailable")};
  const int64_t limit = group_number("/sys/fs/cgroup/memory.max");
  if (limit > 0 && limit < facts.total) {
    const int64_t used = group_number("/sys/fs/cgroup/memory.current");
    facts = {limit, std::min(facts.available, std::max<int64_t>(0, limit - used))};
  }
  return facts;
}

FileSystemFacts file_system_facts(const std::filesystem::path& folder) {
  struct statfs kind {};
  struct statvfs space {};
  if (::statfs(folder.c_str(), &kind) != 0 || ::statvfs(folder.c_str(), &space) != 0) {
    throw InputError(fmt::format("{}: {}", folder.string(), std::strerror(errno)));
  }
  FileSystemFacts facts;
  const auto magic = static_cast<uint32_t>(kind.f_type);
  facts.kind = fmt::format("0x{:x}", magic);
  for (const auto& known : kFileSystems) {
    if (known.magic != magic) continue;
    facts.kind = known.name;
    facts.network = known.network;
    facts.in_memory = known.in_memory;
  }
  facts.writable = ::access(folder.c_str(), W_OK) == 0;
  facts.free = static_cast<int64_t>(space.f_bavail * space.f_frsize);
  return facts;
}

std::vector<std::string> vector_instructions() {
  constexpr std::array<std::string_view, 6> kWanted{"avx2",     "avx512f", "avx512_vnni",
                                                    "amx_bf16", "asimd",   "sve"};
  std::vector<std::string> found;
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      if (std::find(kWanted.begin(), kWanted.end(), word) != kWanted.end()) found.push_back(word);
    }
    break;
  }
  return found;
}

bool has_nvidia_driver() { return std::filesystem::exists("/proc/driver/nvidia/version"); }

}  // namespace nas
