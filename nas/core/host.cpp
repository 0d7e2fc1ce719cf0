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
  enum class Of { machine, memory, network, network_without_logs } of;
};
using Of = FileSystemKind::Of;
constexpr std::array<FileSystemKind, 16> kFileSystems{
    {{0xEF53, "ext", Of::machine},
     {0x58465342, "xfs", Of::machine},
     {0x9123683E, "btrfs", Of::machine},
     {0x2FC12FC1, "zfs", Of::machine},
     {0x794C7630, "overlay", Of::machine},
     {0x01021994, "tmpfs", Of::memory},
     {0x858458F6, "ramfs", Of::memory},
     {0x6969, "NFS", Of::network_without_logs},
     {0x517B, "SMB", Of::network_without_logs},
     {0xFF534D42, "CIFS", Of::network_without_logs},
     {0xFE534D42, "SMB2", Of::network_without_logs},
     {0x0BD00BD0, "Lustre", Of::network_without_logs},
     {0x00C36400, "Ceph", Of::network_without_logs},
     {0x47504653, "gpfs", Of::network},
     {0x19830326, "beegfs", Of::network},
     {0x65735546, "fuse", Of::network}}};

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
    facts.corrupts_logs = known.of == Of::network_without_logs;
    facts.network = known.of == Of::network || facts.corrupts_logs;
    facts.in_memory = known.of == Of::memory;
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
