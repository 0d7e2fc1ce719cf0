#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nas {

/// Memory of this machine in bytes; 0 where the system does not say.
struct MemoryFacts {
  int64_t total = 0;
  int64_t available = 0;
};
/// Of the machine or, where that is less, of the control group that this process is in.
MemoryFacts memory_facts();

/// The file system that a folder is in.
struct FileSystemFacts {
  std::string kind;            // "ext", "NFS", ...; a hexadecimal number where it has no name here
  bool network = false;        // other machines may write to it
  bool corrupts_logs = false;  // SQLite's write-ahead log is not safe there
  bool in_memory = false;      // gone when the machine stops
  bool writable = false;
  int64_t free = 0;  // bytes for this user
};
/// `folder` must exist. Throws InputError where the system does not say.
FileSystemFacts file_system_facts(const std::filesystem::path& folder);

/// Those vector instructions of the processor that decide how fast it computes: "avx2", "avx512f".
std::vector<std::string> vector_instructions();

/// Whether the driver of an NVIDIA card is loaded.
bool has_nvidia_driver();

}  // namespace nas
